import type { Principal } from '@connectgain/postgres';
import type { FastifyRequest } from 'fastify';
import { ApiError, unauthenticated } from './errors.ts';
import type { Claims, Tokens } from './tokens.ts';

export interface AuthenticateOptions {
  /**
   * `required` (default): as the API gateway, every call names its project by the `apikey`, signed in or not.
   * `optional`: a bearer token alone is enough; the documented Functions calls send only that.
   */
  apiKey?: 'required' | 'optional';
}

type RequestParts = Pick<FastifyRequest, 'headers' | 'query'>;

/**
 * Who is asking. The `apikey` header or `?apikey=` gives the role (`anon` or `service_role`); an `Authorization: Bearer` token overrides
 * it. Throws ApiError 401 whose `reason` tells the surface what to say:
 * `no_api_key`, `invalid_api_key`, `no_token`, or one of the `token_*` reasons for a bearer token that does not verify.
 */
export async function authenticate(
  request: RequestParts,
  tokens: Tokens,
  o: AuthenticateOptions = {},
): Promise<Principal> {
  const apiKey = apiKeyOf(request);
  const bearer = bearerOf(request);
  if (apiKey === undefined && o.apiKey !== 'optional') throw noApiKey();
  const keyClaims = apiKey === undefined ? undefined : await keyClaimsOf(apiKey, tokens);
  if (bearer !== undefined && bearer !== apiKey) return principalOf(await tokens.verify(bearer));
  if (keyClaims !== undefined) return principalOf(keyClaims);
  if (bearer !== undefined) return principalOf(await tokens.verify(bearer));
  throw unauthenticated(undefined, { reason: 'no_token' });
}

/** Verified claims as a database principal. A token without `role` is anonymous; a role that is none of ours is refused. */
export function principalOf(claims: Claims): Principal {
  const role = claims.role ?? 'anon';
  if (role !== 'anon' && role !== 'authenticated' && role !== 'service_role') {
    throw unauthenticated('JWT claim "role" is not accepted here', { reason: 'token_claims' });
  }
  return { role, claims };
}

/** The key as sent, from the header or the query string; undefined when there is none. */
export function apiKeyOf(request: RequestParts): string | undefined {
  const header = request.headers.apikey;
  if (typeof header === 'string' && header !== '') return header;
  const { query } = request;
  if (query === null || typeof query !== 'object' || !('apikey' in query)) return undefined;
  const value = Array.isArray(query.apikey) ? query.apikey[0] : query.apikey;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The bearer token as sent (RFC 6750 section 2.1; the scheme's case does not matter); undefined for none or another scheme. */
export function bearerOf(request: Pick<FastifyRequest, 'headers'>): string | undefined {
  const match = /^bearer +(\S+)\s*$/i.exec(request.headers.authorization ?? '');
  return match?.[1];
}

async function keyClaimsOf(apiKey: string, tokens: Tokens): Promise<Claims> {
  const claims = await tokens.verify(apiKey).catch((cause: unknown) => {
    throw invalidKey(cause);
  });
  // A user's token is not a key: it may be revoked and must not name the project.
  if (claims.role !== 'anon' && claims.role !== 'service_role') throw invalidKey();
  return claims;
}

/** The gateway's own words, which clients compare. */
function noApiKey(): ApiError {
  return new ApiError({
    status: 401,
    code: 'NO_API_KEY',
    message: 'No API key found in request',
    hint: 'No `apikey` request header or url param was found.',
    reason: 'no_api_key',
  });
}

function invalidKey(cause?: unknown): ApiError {
  return new ApiError({
    status: 401,
    code: 'INVALID_API_KEY',
    message: 'Invalid API key',
    hint: 'Send the `anon` or `service_role` key of this instance: `npm run keys` prints them.',
    reason: 'invalid_api_key',
    cause,
  });
}
