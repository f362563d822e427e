import { hkdfSync } from 'node:crypto';
import { ApiError, type Logger, type Tokens } from '@connectgain/http';
import { type Background, createBackground } from './background.ts';
import type { Pool } from './database.ts';
import { createLimiter, type Limiter } from './limits.ts';
import type { Mailer } from './mail/mailer.ts';
import { createPasswords, type Passwords } from './passwords.ts';
import { type AuthOptions, type AuthSettings, resolveSettings } from './settings.ts';

/** Everything that the functions of this room need, made once by `createAuth` and passed along. */
export interface AuthContext {
  pool: Pool;
  tokens: Tokens;
  log: Logger;
  settings: AuthSettings;
  passwords: Passwords;
  limiter: Limiter;
  mailer: Mailer;
  background: Background;
  keys: { refresh: Buffer; code: Buffer };
  /** Throws what the product has against this user signing in. */
  requireCanSignIn(userId: string): Promise<void>;
  extraClaims(userId: string): Promise<Record<string, unknown>>;
}

export function createContext(o: AuthOptions): AuthContext {
  if (Buffer.byteLength(o.secret) < 32) throw new Error('The auth secret is shorter than 32 bytes: set a longer one.');
  const settings = resolveSettings(o);
  const pool = o.database.owner;
  return {
    pool,
    tokens: o.tokens,
    log: o.log,
    settings,
    passwords: createPasswords(o.passwords),
    limiter: createLimiter(pool, settings.limits),
    mailer: o.mailer,
    background: createBackground(o.log),
    keys: { refresh: derive(o.secret, 'refresh tokens'), code: derive(o.secret, 'mailed codes') },
    async requireCanSignIn(userId) {
      const refusal = (await o.canSignIn?.(userId)) ?? null;
      if (refusal !== null) throw asBan(refusal);
    },
    extraClaims: async (userId) => (await o.accessTokenHook?.(userId)) ?? {},
  };
}

/** The product's refusal in this dialect: its own code when it chose one, else `user_banned`, which clients know. */
function asBan(refusal: ApiError): ApiError {
  if (/^[a-z]/.test(refusal.code)) return refusal;
  const { status, message, details, hint, headers } = refusal;
  return new ApiError({ status, code: 'user_banned', message, details, hint, headers, cause: refusal });
}

/** One key per purpose, so that knowing one tells nothing about another (HKDF, RFC 5869). */
function derive(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `connectgain auth: ${purpose}`, 32));
}
