import {
  authenticate,
  type FastifyInstance,
  type FastifyRequest,
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

  function add(scope: FastifyInstance, name: string, max: number): void {
    if (max <= 0 && config.RATE_LIMIT_KEY <= 0) return;
    const perOrganization = limit(name, max);
    scope.addHook('onRequest', async (request, reply) => {
      request.principal = await authenticate(request, o.tokens, { apiKey: 'optional' }).catch(() => null);
      const key = request.principal?.claims.api_key_id;
      if (typeof key === 'string') {
        request.limitedAs = key;
        await perKey(request, reply);
      } else if (max > 0) {
        request.limitedAs = await organizationOf(request, o.organizations);
        await perOrganization(request, reply);
      }
    });
  }

  return {
    functions: (scope) => add(scope, 'functions', config.RATE_LIMIT_FUNCTIONS),
    rest: (scope) => add(scope, 'rest', config.RATE_LIMIT_REST),
  };
}

async function organizationOf(request: FastifyRequest, organizations: Organizations): Promise<string | undefined> {
  const organization = request.principal ? await organizations.recently(request.principal) : undefined;
  return organization === undefined ? organizationKey(request) : `org:${organization}`;
}
