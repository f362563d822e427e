import { ApiError, principalOf, type Tokens } from '@connectgain/http';
import type { Principal } from '@connectgain/postgres';
import { decodeJwt } from 'jose';

export interface VerifiedToken {
  principal: Principal;
  /** Unix milliseconds; Infinity for a token without `exp`. */
  expiresAt: number;
}

/** A join or a token that is refused. `code: sentence` is what clients of Supabase Realtime are used to read. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refused';
    this.code = code;
  }
}

/** Verifies a token of a channel; throws Refused with the wording of supabase/realtime (RealtimeChannel.join, ChannelsAuthorization). */
export async function verifyToken(tokens: Tokens, token: string): Promise<VerifiedToken> {
  try {
    const claims = await tokens.verify(token);
    const expiresAt = claims.exp === undefined ? Number.POSITIVE_INFINITY : claims.exp * 1000;
    if (expiresAt <= Date.now()) throw expired(expiresAt);
    return { principal: principalOf(claims), expiresAt };
  } catch (error) {
    throw error instanceof ApiError ? refusalOf(error, token) : error;
  }
}

/** What is said when a token ends while its channel is open, and when somebody joins with one that has ended. */
export function expired(expiresAt: number): Refused {
  const seconds = Math.max(0, Math.floor((Date.now() - expiresAt) / 1000));
  return new Refused('InvalidJWTToken', `Token has expired ${seconds} seconds ago`);
}

function refusalOf(error: ApiError, token: string): Refused {
  switch (error.reason) {
    case 'token_expired':
      return expired((decodeJwt(token).exp ?? 0) * 1000);
    case 'token_malformed':
      return new Refused('MalformedJWT', 'The token provided is not a valid JWT');
    case 'token_signature':
      return new Refused('JwtSignatureError', 'Failed to validate JWT signature');
    default:
      return new Refused('InvalidJWTToken', error.message);
  }
}
