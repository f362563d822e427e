import { createHmac, timingSafeEqual } from 'node:crypto';
import { asNumber, asObject, asText } from '../readJson.ts';

export interface VisitorClaims {
  /** The visitor's id, which is `Party.externalId` of everything they say. */
  visitorId: string;
  channelAccountId: string;
  issuedAt: Date;
}

const version = 'cgv1';

function seal(payload: string, secret: string): string {
  return createHmac('sha256', secret).update(`${version}.${payload}`).digest('base64url');
}

/**
 * A token that lets a browser go on as the same visitor: `cgv1.<claims>.<HMAC-SHA256>`. Nothing is stored for it, so a
 * page view costs no row.
 * @param secret of the server, never of a tenant
 */
export function issueVisitorToken(claims: VisitorClaims, secret: string): string {
  const body = { v: claims.visitorId, a: claims.channelAccountId, i: Math.floor(claims.issuedAt.getTime() / 1000) };
  const payload = Buffer.from(JSON.stringify(body)).toString('base64url');
  return `${version}.${payload}.${seal(payload, secret)}`;
}

/** The claims of a token of ours that is not older than `maxAgeDays`; undefined for any other text. */
export function readVisitorToken(
  token: string,
  secret: string,
  now = new Date(),
  maxAgeDays = 365,
): VisitorClaims | undefined {
  const [head, payload, signature, ...rest] = token.split('.');
  if (head !== version || payload === undefined || signature === undefined || rest.length > 0) return undefined;
  const expected = Buffer.from(seal(payload, secret));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = readClaims(payload);
  if (claims === undefined) return undefined;
  const age = now.getTime() - claims.issuedAt.getTime();
  // A minute of grace for the clocks of two nodes.
  return age > maxAgeDays * 86_400_000 || age < -60_000 ? undefined : claims;
}

function readClaims(payload: string): VisitorClaims | undefined {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const { v, a, i } = asObject(body);
  const visitorId = asText(v);
  const channelAccountId = asText(a);
  const seconds = asNumber(i);
  if (visitorId === undefined || channelAccountId === undefined || seconds === undefined) return undefined;
  return { visitorId, channelAccountId, issuedAt: new Date(seconds * 1000) };
}
