/** Tokens checked by a shared secret or a key set. Source: https://docs.postgrest.org/en/v14/references/auth.html */
import { createSecretKey, type KeyObject } from 'node:crypto';
import type { RunsAs } from '@connectgain/postgres';
import { type CryptoKey, compactVerify, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { anonymousDisabled, badClaims, noJwtSecret, undecodableJwt } from '../errors.ts';
import { type RoleClaim, roleAt } from './roleClaim.ts';
import { SettingError } from './settings.ts';

export interface JwtOptions {
  /** A text of 32 bytes or more, a JWK or a JWKS. */
  secret: string | undefined;
  secretIsBase64: boolean;
  audience: string | undefined;
  roleClaim: RoleClaim;
  anonRole: string | undefined;
  /** Verified tokens remembered; 0 for none. */
  cacheEntries: number;
}

/** Who an Authorization header speaks for. Throws RestError 401 for those who may not come in. */
export type Identify = (authorization: string | undefined) => Promise<RunsAs>;

type Claims = Record<string, unknown>;

interface Key {
  /** Undefined: any algorithm that the key can do. */
  algorithms: readonly string[];
  key: CryptoKey | KeyObject | Uint8Array;
  id?: string;
}

export const createIdentify = async (o: JwtOptions): Promise<Identify> => {
  const keys = o.secret === undefined ? undefined : await readKeys(o.secret, o.secretIsBase64);
  const verified = o.cacheEntries > 0 ? new LRUCache<string, Claims>({ max: o.cacheEntries }) : undefined;
  return async (authorization) => {
    const bearer = /^bearer(?:\s+(.*))?$/i.exec(authorization ?? '');
    if (bearer === null) return principal({}, o);
    const token = bearer[1]?.trim() ?? '';
    if (keys === undefined) throw noJwtSecret();
    const claims = verified?.get(token) ?? (await decode(token, keys));
    verified?.set(token, claims);
    checkClaims(claims, o.audience, Math.floor(Date.now() / 1000));
    return principal(claims, o);
  };
};

const principal = (claims: Claims, { roleClaim, anonRole }: JwtOptions): RunsAs => {
  const role = roleAt(claims, roleClaim) ?? anonRole;
  if (role === undefined) throw anonymousDisabled();
  return { role, claims };
};

const jwk = z.looseObject({ kty: z.string(), kid: z.string().optional(), alg: z.string().optional() });
const jwks = z.union([
  z.looseObject({ keys: z.array(jwk) }).transform(({ keys }) => keys),
  jwk.transform((key) => [key]),
]);

const readKeys = async (secret: string, isBase64: boolean): Promise<Key[]> => {
  const set = jwks.safeParse(parseJson(secret));
  if (set.success) return await Promise.all(set.data.map(readKey));
  const bytes = isBase64 ? Buffer.from(secret.replaceAll('.', '='), 'base64') : Buffer.from(secret, 'utf8');
  if (bytes.length < 32) throw new SettingError('PGRST_JWT_SECRET must be at least 32 characters long.');
  return [{ algorithms: ['HS256', 'HS384', 'HS512'], key: createSecretKey(bytes) }];
};

const byType: Readonly<Record<string, readonly string[]>> = {
  oct: ['HS256', 'HS384', 'HS512'],
  RSA: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  OKP: ['EdDSA', 'Ed25519'],
};
const byCurve: Readonly<Record<string, string>> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512' };

const readKey = async (found: z.infer<typeof jwk>): Promise<Key> => {
  const curve = typeof found.crv === 'string' ? byCurve[found.crv] : undefined;
  const algorithms =
    found.alg === undefined ? (byType[found.kty] ?? (curve === undefined ? [] : [curve])) : [found.alg];
  const [first] = algorithms;
  if (first === undefined)
    throw new SettingError(`PGRST_JWT_SECRET has a key of the type ${found.kty}, which is not known.`);
  try {
    const material: JWK = { ...found };
    return { algorithms, key: await importJWK(material, first), id: found.kid };
  } catch {
    throw new SettingError('PGRST_JWT_SECRET has a key that cannot be read.');
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const decode = async (token: string, keys: readonly Key[]): Promise<Claims> => {
  if (token === '') throw undecodableJwt('Empty JWT is sent in Authorization header');
  const parts = token.split('.').length;
  if (parts !== 3) throw undecodableJwt(`Expected 3 parts in JWT; got ${parts}`);
  const { alg, kid } = headerOf(token);
  const able = keys.filter(({ algorithms }) => algorithms.includes(alg));
  if (able.length === 0)
    throw undecodableJwt('Wrong or unsupported encoding algorithm', `Algorithm not allowed: ${alg}`);
  const named = able.filter(({ id }) => kid !== undefined && id === kid);
  for (const { key } of named.length > 0 ? named : able) {
    const payload = await verifiedBy(token, key, alg);
    if (payload === undefined) continue;
    const claims = z.record(z.string(), z.unknown()).safeParse(parseJson(payload));
    if (!claims.success) throw badClaims('Parsing claims failed');
    return claims.data;
  }
  throw undecodableJwt('No suitable key or wrong key type', 'None of the keys was able to decode the JWT');
};

const headerOf = (token: string): { alg: string; kid?: string } => {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    return { alg: alg ?? 'none', kid };
  } catch {
    throw undecodableJwt('JWT cryptographic operation failed');
  }
};

const verifiedBy = async (token: string, key: Key['key'], alg: string): Promise<string | undefined> => {
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [alg] });
    return Buffer.from(payload).toString('utf8');
  } catch {
    return undefined;
  }
};

/** Clocks may differ by this many seconds. */
const skew = 30;

const checkClaims = (claims: Claims, audience: string | undefined, now: number): void => {
  const time = (name: 'exp' | 'nbf' | 'iat'): number | undefined => {
    const value = claims[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number') throw badClaims(`The JWT '${name}' claim must be a number`);
    return value;
  };
  const [expires, begins, issued] = [time('exp'), time('nbf'), time('iat')];
  if (expires !== undefined && now - skew > expires) throw badClaims('JWT expired');
  if (begins !== undefined && now + skew < begins) throw badClaims('JWT not yet valid');
  if (issued !== undefined && now + skew < issued) throw badClaims('JWT issued at future');
  checkAudience(claims.aud, audience);
};

const checkAudience = (aud: unknown, wanted: string | undefined): void => {
  if (aud === undefined || aud === null) return;
  const found = z.union([z.string().transform((one) => [one]), z.array(z.string())]).safeParse(aud);
  if (!found.success) throw badClaims("The JWT 'aud' claim must be a string or an array of strings");
  if (wanted !== undefined && found.data.length > 0 && !found.data.includes(wanted)) {
    throw badClaims('JWT not in audience');
  }
};
