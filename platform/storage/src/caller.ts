import { ApiError, authenticate, type Tokens, unauthenticated } from '@connectgain/http';
import type { Principal } from '@connectgain/postgres';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Who is asking; throws ApiError 401 with a reason. */
export type Authenticate = (request: FastifyRequest) => Promise<Principal>;

/**
 * The caller by `Authorization: Bearer`, by `apikey`, or both. As on the hosted service the gateway's key is not required here: the links that
 * this API makes carry their own permission.
 */
export function authenticateWith(tokens: Tokens): Authenticate {
  return (request) => authenticate(request, tokens, { apiKey: 'optional' });
}

/** From here on every route of this scope knows its caller; strangers are refused before a body is read. */
export function requireCaller(scope: FastifyInstance, who: Authenticate): void {
  scope.addHook('onRequest', async (request) => {
    request.principal = await who(request);
  });
}

/** The caller of a route behind requireCaller. */
export function callerOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw unauthenticated(undefined, { reason: 'no_token' });
  return request.principal;
}

/**
 * For routes that anyone may use as long as the bucket is public: the caller, or why there is none. `refused` is undefined where nobody
 * tried to sign in.
 */
export async function callerOrNobody(
  request: FastifyRequest,
  who: Authenticate,
): Promise<{ principal: Principal | undefined; refused?: ApiError }> {
  try {
    return { principal: await who(request) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason === undefined) throw error;
    const isAnonymous = error.reason === 'no_token' || error.reason === 'no_api_key';
    return { principal: undefined, ...(isAnonymous ? {} : { refused: error }) };
  }
}

/** The token's subject: who a new file or bucket belongs to. */
export function subjectOf(principal: Principal): string | undefined {
  const { sub } = principal.claims;
  return typeof sub === 'string' && sub !== '' ? sub : undefined;
}
