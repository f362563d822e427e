import {
  authenticate,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type LimitRequest,
  organizationKey,
  requestLimit,
  type Tokens,
} from '@connectgain/http';
import type { Config } from './config.ts';
import type { Organizations } from './organizations.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose requests are counted together; undefined where nobody's are. */
    limitedAs: string | undefined;
  }
}

type OnRequest = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Each adds its limit to a scope, before the scope's routes. */
export interface RequestLimits {
  functions(scope: FastifyInstance): void;
  rest(scope: FastifyInstance): void;
}

export interface RequestLimitsOptions {
  config: Pick<Config, 'RATE_LIMIT_FUNCTIONS' | 'RATE_LIMIT_REST' | 'RATE_LIMIT_KEY'>;
  tokens: Tokens;
  organizations: Organizations;
}

/**
 * The published limits: requests per minute of an organization to a surface, and of an API key to both surfaces together. Who asks
 * is found out here, before the body is read; credentials that are not accepted are counted by address and refused by the
 * route, which knows the words of its surface.
 */
export function createRequestLimits(app: FastifyInstance, o: RequestLimitsOptions): RequestLimits {
  const { config } = o;
  app.decorateRequest('limitedAs', undefined);
  const limit = (name: string, max: number) => requestLimit(app, { name, max, keyOf: (request) => request.limitedAs });
  const perKey = limit('key', config.RATE_LIMIT_KEY);

  function hook(perOrganization: LimitRequest): OnRequest {
    return async (request, reply) => {
      request.principal = await authenticate(request, o.tokens, { apiKey: 'optional' }).catch(() => null);
      request.limitedAs = await limitedAs(request, o.organizations);
      await (request.limitedAs?.startsWith('key:') ? perKey : perOrganization)(request, reply);
    };
  }

  function add(scope: FastifyInstance, name: string, max: number): void {
    if (max > 0 || config.RATE_LIMIT_KEY > 0) scope.addHook('onRequest', hook(limit(name, max)));
  }

  return {
    functions: (scope) => add(scope, 'functions', config.RATE_LIMIT_FUNCTIONS),
    rest: (scope) => add(scope, 'rest', config.RATE_LIMIT_REST),
  };
}

async function limitedAs(request: FastifyRequest, organizations: Organizations): Promise<string | undefined> {
  const { principal } = request;
  const key = principal?.claims.api_key_id;
  if (typeof key === 'string') return `key:${key}`;
  const organization = principal ? await organizations.recently(principal) : undefined;
  return organization === undefined ? organizationKey(request) : `org:${organization}`;
}
