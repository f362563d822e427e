import { createSecretKey } from 'node:crypto';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { ApiError, type AuthReason } from './errors.ts';

/** The claims of a verified token. `role` is the database role the request runs as; absent means `anon`. */
export interface Claims extends JWTPayload {
  role?: string;
  email?: string;
  session_id?: string;
  organization_id?: string;
}

export interface TokensOptions {
  /** Shared HS256 secret, at least 32 bytes (RFC 7518 section 3.2). */
  secret: string;
  /** Written as `iss` and, unless `checkIssuer` is false, required on the way in. */
  issuer: string;
  /** Written as `aud` when the claims have none. Required on the way in only when `checkAudience` is true. */
  audience?: string;
  checkIssuer?: boolean;
  checkAudience?: boolean;
  /** Older secrets that still verify, for rotating the secret without signing everybody out. */
  extraKeys?: readonly string[];
  /** Seconds that clocks may differ; 10 when absent. */
  clockToleranceSeconds?: number;
  /** Verified tokens remembered until they expire; 5000 when absent, 0 switches it off. */
  cacheSize?: number;
  /** The time in milliseconds; the system's when absent. */
  now?: () => number;
}

export interface Tokens {
  readonly issuer: string;
  /** @param o.expiresIn seconds, or jose's text such as `1h`, `10y` */
  sign(claims: Claims, o: { expiresIn: number | string }): Promise<string>;
  /** The claims of a token signed by us and valid now. Throws ApiError 401 with a `reason`. */
  verify(jwt: string): Promise<Claims>;
  /** A long-lived key of the instance: a token with `{iss, role, iat, exp}`, valid for ten years. */
  signKey(role: 'anon' | 'service_role'): Promise<string>;
}

const KEY_LIFETIME_SECONDS = 10 * 365 * 24 * 3600;
/** Longer text is never a token of ours and is not worth hashing. */
const MAX_TOKEN_LENGTH = 16_384;

/** Signs and verifies the JWTs of this instance: HS256 (RFC 7518) by jose, one shared secret, an issuer. */
export function createTokens(o: TokensOptions): Tokens {
  if (Buffer.byteLength(o.secret) < 32)
    throw new Error('The JWT secret is shorter than 32 bytes: set a longer JWT_SECRET.');
  const signingKey = createSecretKey(o.secret, 'utf8');
  const keys = [signingKey, ...(o.extraKeys ?? []).map((secret) => createSecretKey(secret, 'utf8'))];
  const clockTolerance = o.clockToleranceSeconds ?? 10;
  const now = o.now ?? Date.now;
  const seconds = (): number => Math.floor(now() / 1000);
  const expectations = {
    algorithms: ['HS256'],
    clockTolerance,
    ...(o.checkIssuer === false ? {} : { issuer: o.issuer }),
    ...(o.checkAudience && o.audience !== undefined ? { audience: o.audience } : {}),
  };
  const cache = createClaimsCache(o.cacheSize ?? 5000, () => now() / 1000 - clockTolerance);

  async function verifyWithAnyKey(jwt: string): Promise<Claims> {
    let failure: unknown;
    for (const key of keys) {
      try {
        const { payload } = await jwtVerify<Claims>(jwt, key, { ...expectations, currentDate: new Date(now()) });
        return payload;
      } catch (error) {
        failure = error;
        // Only another key can help here; an expired or malformed token stays what it is.
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
      }
    }
    throw refusal(failure);
  }

  return {
    issuer: o.issuer,
    sign(claims, { expiresIn }) {
      const jwt = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuer(o.issuer);
      if (claims.iat === undefined) jwt.setIssuedAt(seconds());
      if (claims.aud === undefined && o.audience !== undefined) jwt.setAudience(o.audience);
      jwt.setExpirationTime(typeof expiresIn === 'number' ? seconds() + expiresIn : expiresIn);
      return jwt.sign(signingKey);
    },
    signKey(role) {
      return new SignJWT({ role })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setIssuer(o.issuer)
        .setIssuedAt(seconds())
        .setExpirationTime(seconds() + KEY_LIFETIME_SECONDS)
        .sign(signingKey);
    },
    async verify(jwt) {
      if (jwt.length > MAX_TOKEN_LENGTH) throw refused('token_malformed', 'The token is too long to be one of ours.');
      const known = cache.get(jwt);
      if (known !== undefined) return known;
      const claims = await verifyWithAnyKey(jwt);
      cache.set(jwt, claims);
      return claims;
    },
  };
}

interface ClaimsCache {
  get(jwt: string): Claims | undefined;
  set(jwt: string, claims: Claims): void;
}

/**
 * Verified tokens, oldest out first. The same few thousand tokens come with every request, and jose's WebCrypto verification costs a
 * thread-pool round trip each time. An entry is never served past the token's own `exp`; sessions that end early are the auth room's to check.
 */
function createClaimsCache(size: number, expiredBefore: () => number): ClaimsCache {
  const entries = new Map<string, Claims>();
  return {
    get(jwt) {
      const claims = entries.get(jwt);
      if (claims === undefined) return undefined;
      if (claims.exp === undefined || claims.exp > expiredBefore()) return claims;
      entries.delete(jwt);
      return undefined;
    },
    set(jwt, claims) {
      if (size <= 0) return;
      if (entries.size >= size) {
        const oldest = entries.keys().next();
        if (!oldest.done) entries.delete(oldest.value);
      }
      entries.set(jwt, Object.freeze(claims));
    },
  };
}

function refusal(error: unknown): ApiError {
  if (error instanceof errors.JWTExpired) return refused('token_expired', 'JWT expired', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf' || error.claim === 'iat')
      return refused('token_not_yet_valid', 'JWT not yet valid', error);
    return refused('token_claims', `JWT claim "${error.claim}" is not accepted here`, error);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return refused('token_signature', 'JWT signature is not valid', error);
  return refused('token_malformed', 'JWT could not be decoded', error);
}

/** RFC 6750 section 3: the challenge says which kind of credentials is wanted and why these were refused. */
function refused(reason: AuthReason, message: string, cause?: unknown): ApiError {
  return new ApiError({
    status: 401,
    code: 'AUTHENTICATION_FAILED',
    message,
    reason,
    cause,
    headers: {
      'www-authenticate': `Bearer error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
    },
  });
}
