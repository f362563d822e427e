import { ApiError, type Claims, type Tokens } from '@connectgain/http';
import { invalidJwt, invalidSignature } from './errors.ts';

/** What a signed URL allows. A token for one is refused for the other. */
type Scope = 'storage.download' | 'storage.upload';

/** Signed upload URLs are good for two hours, as on the hosted service. */
export const UPLOAD_URL_SECONDS = 2 * 3600;

/** @param expiresIn seconds */
export function signDownload(tokens: Tokens, bucketId: string, name: string, expiresIn: number): Promise<string> {
  return sign(tokens, 'storage.download', bucketId, name, {}, expiresIn);
}

export interface UploadGrant {
  /** Subject of the token that asked for the URL; the file will be theirs. */
  owner?: string;
  upsert: boolean;
}

export function signUpload(tokens: Tokens, bucketId: string, name: string, grant: UploadGrant): Promise<string> {
  return sign(tokens, 'storage.upload', bucketId, name, { ...grant }, UPLOAD_URL_SECONDS);
}

/**
 * Throws InvalidJWT (forged, expired, no token of ours) and InvalidSignature (of another file or another purpose).
 * @returns whole seconds until the URL expires
 */
export async function verifyDownload(tokens: Tokens, token: string, bucketId: string, name: string): Promise<number> {
  const claims = await verify(tokens, 'storage.download', token, bucketId, name);
  return secondsLeft(claims);
}

export async function verifyUpload(
  tokens: Tokens,
  token: string,
  bucketId: string,
  name: string,
): Promise<UploadGrant> {
  const claims = await verify(tokens, 'storage.upload', token, bucketId, name);
  return {
    upsert: claims.upsert === true,
    ...(typeof claims.owner === 'string' ? { owner: claims.owner } : {}),
  };
}

/** No `role` and no `sub`: as a bearer token it is worth nothing. */
function sign(
  tokens: Tokens,
  scope: Scope,
  bucketId: string,
  name: string,
  extra: Record<string, unknown>,
  expiresIn: number,
): Promise<string> {
  return tokens.sign({ ...extra, url: `${bucketId}/${name}`, scope }, { expiresIn });
}

async function verify(tokens: Tokens, scope: Scope, token: string, bucketId: string, name: string): Promise<Claims> {
  const claims = await tokens.verify(token).catch((cause: unknown) => {
    if (cause instanceof ApiError && cause.reason === 'token_expired') throw expired(cause);
    throw invalidJwt(cause instanceof ApiError ? cause.message : undefined, { cause });
  });
  if (claims.scope !== scope) throw invalidSignature(`The token is not for this: it lacks the scope ${scope}`);
  if (claims.url !== `${bucketId}/${name}`) throw invalidSignature('The token is for another file');
  // Tokens of people allow for clocks that differ; ours were made by this very clock.
  if (secondsLeft(claims) <= 0) throw expired();
  return claims;
}

function secondsLeft(claims: Claims): number {
  return (claims.exp ?? 0) - Math.floor(Date.now() / 1000);
}

/** The first words are those of the hosted service, which clients look for. */
function expired(cause?: unknown): ApiError {
  return invalidJwt('"exp" claim timestamp check failed: the URL has expired, ask for a new one', { cause });
}
