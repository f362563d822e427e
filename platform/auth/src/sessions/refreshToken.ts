import { createHash, createHmac, randomBytes } from 'node:crypto';

/** The first refresh token of a session: 32 random bytes. */
export function newRefreshToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * The one token that follows `token`. Derived, not drawn, so that two tabs which refresh at the same moment get the same successor although
 * only hashes are stored; without the server's key a stolen token does not tell it.
 */
export function successorOf(token: string, key: Buffer): string {
  return createHmac('sha256', key).update(token).digest('base64url');
}

/** What the database keeps. The tokens have full entropy, so a fast hash is enough. */
export function refreshTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
