/** The engine over the festival database, behind a real web server. */
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createHttpServer, createTokens } from '@connectgain/http';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import pino from 'pino';
import { type RestRoutes, type RestRoutesOptions, restRoutes } from '../src/index.ts';

export const log = pino({ level: process.env.LOG ?? 'silent' });
const schemaFile = new URL('./schema/festival.sql', import.meta.url);

export interface Festival {
  database: TestDatabase;
  close(): Promise<void>;
}

/** A database of its own with the festival in it. */
export const createFestival = async (): Promise<Festival> => {
  const database = await createTestDatabase({ sets: 'none' });
  await database.owner.query('create schema if not exists extensions');
  await database.owner.query(await readFile(schemaFile, 'utf8'));
  return { database, close: () => database.destroy() };
};

export interface Call {
  as?: 'anon' | 'service_role' | { sub: string };
  headers?: Record<string, string>;
  body?: unknown;
}
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // Tests compare whole bodies, whatever their shape.
  json: unknown;
}

export interface FestivalServer {
  url: string;
  anonKey: string;
  rest: RestRoutes;
  token(sub: string): Promise<string>;
  /** `call('GET /films?id=eq.1')` */
  call(line: string, call?: Call): Promise<Reply>;
  close(): Promise<void>;
}

type Options = Partial<Omit<RestRoutesOptions, 'database' | 'tokens' | 'log'>>;

export const serve = async ({ database }: Festival, options: Options = {}): Promise<FestivalServer> => {
  const tokens = createTokens({ secret: 'a secret of the tests, long enough', issuer: 'festival' });
  const app = createHttpServer({ log, compress: false });
  const rest = restRoutes({
    database,
    tokens,
    schemas: ['festival'],
    extraSearchPath: ['extensions'],
    log,
    ...options,
  });
  await app.register(rest, { prefix: '/rest/v1' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${portOf(app.server.address())}`;
  const anonKey = await tokens.signKey('anon');
  const serviceKey = await tokens.signKey('service_role');
  const token = (sub: string) => tokens.sign({ sub, role: 'authenticated' }, { expiresIn: '1h' });
  return {
    url,
    anonKey,
    rest,
    token,
    async call(line, { as = { sub: 'mona' }, headers = {}, body } = {}) {
      const space = line.indexOf(' ');
      const bearer = as === 'anon' ? anonKey : as === 'service_role' ? serviceKey : await token(as.sub);
      const isText = typeof body === 'string' || body instanceof Uint8Array;
      const answer = await fetch(`${url}/rest/v1${line.slice(space + 1)}`, {
        method: line.slice(0, space),
        headers: {
          apikey: anonKey,
          authorization: `Bearer ${bearer}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : isText ? body : JSON.stringify(body),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, json: parsed(text) };
    },
    close: () => app.close(),
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
};
