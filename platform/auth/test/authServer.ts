import { createHttpServer, createTokens } from '@connectgain/http';
import { migrations as postgresMigrations } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import pino from 'pino';
import { type Auth, createAuth, createMailQueue, type Limits, migrations } from '../src/index.ts';
import type { AuthOptions } from '../src/settings.ts';

export const PASSWORD = 'correct horse battery';
const SECRET = 'a secret of more than thirty-two bytes, for tests';
const SITE = 'https://app.example.test';

/** Tests sign in more often than people do. */
const NO_LIMITS: Partial<Limits> = {
  signInPerAddress: { attempts: 0, seconds: 1 },
  signInPerAccountAndAddress: { attempts: 0, seconds: 1 },
  signInPerAccount: { attempts: 0, seconds: 1 },
  signUpPerAddress: { attempts: 0, seconds: 1 },
  refreshPerAddress: { attempts: 0, seconds: 1 },
  verifyPerAddress: { attempts: 0, seconds: 1 },
  updatePerAccount: { attempts: 0, seconds: 1 },
  mailPerAddress: { attempts: 0, seconds: 1 },
  mailPerRecipient: { attempts: 0, seconds: 1 },
};

export interface Answer {
  status: number;
  headers: Headers;
  // What came back, for expectations; tests read fields of many shapes.
  body: Record<string, unknown>;
}

export interface Call {
  method?: string;
  body?: unknown;
  /** Sent as it is. */
  raw?: string;
  key?: string | null;
  bearer?: string;
  headers?: Record<string, string>;
}

export interface AuthServer {
  url: string;
  auth: Auth;
  database: TestDatabase;
  anonKey: string;
  serviceKey: string;
  /** Calls `/auth/v1` + path with the anon key and a JSON body, unless told otherwise. */
  call(path: string, o?: Call): Promise<Answer>;
  /** A supabase-js client with storage of its own. */
  client(key?: string): SupabaseClient;
  /** Mails to an address, newest first, once everything that was asked for is done. */
  mails(to: string): Promise<{ subject: string; html: string; text: string; lang: string }[]>;
  /** Link and code of the newest mail to an address. */
  mailed(to: string): Promise<{ link: URL; code: string }>;
  sign(claims: Record<string, unknown>, expiresIn?: number): Promise<string>;
  stop(): Promise<void>;
}

/** The real surface over a real database, listening on a free port. */
export async function startAuthServer(
  o: Partial<Omit<AuthOptions, 'limits'>> & { limits?: Partial<Limits>; database?: TestDatabase } = {},
): Promise<AuthServer> {
  const database = o.database ?? (await createTestDatabase({ sets: [postgresMigrations, migrations] }));
  const log = pino({ level: 'silent' });
  const tokens = createTokens({ secret: SECRET, issuer: 'http://localhost/auth/v1' });
  const app = createHttpServer({ log });
  const auth = createAuth({
    database,
    tokens,
    secret: SECRET,
    publicUrl: 'http://localhost',
    siteUrl: SITE,
    autoConfirm: true,
    log,
    mailer: createMailQueue({ pool: database.owner, log }),
    ...o,
    limits: { ...NO_LIMITS, ...o.limits },
  });
  app.register(auth.routes, { prefix: '/auth/v1' });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const anonKey = await tokens.signKey('anon');
  const serviceKey = await tokens.signKey('service_role');

  async function mails(to: string) {
    await auth.settled();
    const found = await database.owner.query<{ subject: string; html: string; text: string; lang: string }>(
      'select subject, html, text, lang from auth.mail_outbox where recipient = $1 order by created_at desc',
      [to],
    );
    return found.rows;
  }

  return {
    url,
    auth,
    database,
    anonKey,
    serviceKey,
    async call(path, { method = 'POST', body, raw, key = anonKey, bearer, headers = {} } = {}) {
      const response = await fetch(`${url}/auth/v1${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(key === null ? {} : { apikey: key }),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      });
      const text = await response.text();
      const parsed: Record<string, unknown> = text.startsWith('{') ? JSON.parse(text) : {};
      return { status: response.status, headers: response.headers, body: parsed };
    },
    client(key = anonKey) {
      const stored = new Map<string, string>();
      const storage = {
        getItem: (name: string) => stored.get(name) ?? null,
        setItem: (name: string, value: string) => void stored.set(name, value),
        removeItem: (name: string) => void stored.delete(name),
      };
      return createClient(url, key, { auth: { storage, autoRefreshToken: false, detectSessionInUrl: false } });
    },
    mails,
    async mailed(to) {
      const [mail] = await mails(to);
      const link = /http:\/\/localhost\/auth\/v1\/verify\S+/.exec(mail?.text ?? '')?.[0];
      const code = /\b\d{6}\b/.exec(mail?.text.split('verify')[1] ?? '')?.[0];
      if (link === undefined || code === undefined) throw new Error(`No mail with a link was written to ${to}`);
      // The tests' server has a port of its own.
      return { link: new URL(link.replace('http://localhost', url)), code };
    },
    sign: (claims, expiresIn = 3600) => tokens.sign(claims, { expiresIn }),
    async stop() {
      await app.close();
      if (o.database === undefined) await database.destroy();
    },
  };
}

let counter = 0;

/** An address that no other test uses. */
export function freshEmail(name = 'agent'): string {
  counter += 1;
  return `${name}${counter}@example.test`;
}

/** Session fields of an answer, checked to be there. */
export function sessionOf(answer: Answer): { access_token: string; refresh_token: string; user: { id: string } } {
  const { access_token, refresh_token, user } = answer.body;
  const hasId = typeof user === 'object' && user !== null && 'id' in user && typeof user.id === 'string';
  if (typeof access_token !== 'string' || typeof refresh_token !== 'string' || !hasId) {
    throw new Error(`Not a session: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
  return { access_token, refresh_token, user: { id: String(user.id) } };
}
