import { createTenant, type Tenant } from '@connectgain/database/test/tenantFixture.ts';
import { createTokens } from '@connectgain/http';
import { z } from 'zod';
import { testSecret } from '../database.ts';
import { startTestServer, type TestServer } from '../server.ts';

export interface Column {
  name: string;
  /** PostgreSQL's name of the type. */
  format: string;
}

/** A table or function as the API's own description tells of it. */
export interface Described {
  name: string;
  columns: readonly Column[];
}

/** The running product, two organizations with a row in every table, and what REST says that it has. */
export interface RestWorld {
  server: TestServer;
  ours: Tenant;
  theirs: Tenant;
  token: string;
  tables: readonly Described[];
  functions: readonly Described[];
  secrets: readonly string[];
  headers(body?: string): Record<string, string>;
  close(): Promise<void>;
}

const schemaOf = z.object({
  definitions: z.record(
    z.string(),
    z.object({ properties: z.record(z.string(), z.object({ format: z.string().optional() })) }),
  ),
  paths: z.record(
    z.string(),
    z.object({
      post: z
        .object({
          parameters: z.array(
            z.object({
              schema: z
                .object({ properties: z.record(z.string(), z.object({ format: z.string().optional() })).optional() })
                .optional(),
            }),
          ),
        })
        .optional(),
    }),
  ),
});

export async function createRestWorld(): Promise<RestWorld> {
  const server = await startTestServer({ env: { ROLE: 'api', LOG_LEVEL: 'silent', RATE_LIMIT_KEY: '0' } });
  const { owner } = server.database;
  const ours = await createTenant(owner, 'ours');
  const theirs = await createTenant(owner, 'theirs');
  const tokens = createTokens({ secret: testSecret, issuer: 'connectgain' });
  const token = await tokens.sign({ role: 'authenticated', sub: ours.members.OWNER }, { expiresIn: '1h' });
  const headers = (body?: string) => ({
    apikey: server.anonKey,
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  });
  const answer = await fetch(`${server.url}/rest/v1/`, { headers: headers() });
  const document = schemaOf.parse(await answer.json());
  const columnsOf = (properties: Record<string, { format?: string | undefined }> = {}) =>
    Object.entries(properties).map(([name, { format }]) => ({ name, format: format ?? '' }));
  return {
    server,
    ours,
    theirs,
    token,
    tables: Object.entries(document.definitions).map(([name, { properties }]) => ({
      name,
      columns: columnsOf(properties),
    })),
    functions: Object.entries(document.paths)
      .filter(([path]) => path.startsWith('/rpc/'))
      .map(([path, { post }]) => ({
        name: path.slice('/rpc/'.length),
        columns: columnsOf(post?.parameters.find((parameter) => parameter.schema)?.schema?.properties),
      })),
    secrets: [
      testSecret,
      server.secretsKey,
      server.serviceRoleKey,
      decodeURIComponent(new URL(server.database.url).password),
    ],
    headers,
    close: () => server.close(),
  };
}
