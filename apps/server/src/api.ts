import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Auth } from '@connectgain/auth';
import type { ChannelAdapter } from '@connectgain/channels/contract.ts';
import { eventGauges } from '@connectgain/events';
import type { AccountCache, AccountSources, InboundWriter } from '@connectgain/features/messaging/index.ts';
import { widgetScript } from '@connectgain/features/messaging/webChat/widgetScript.ts';
import { demoSite } from '@connectgain/features/sandbox/demoSite.ts';
import type { Sandbox } from '@connectgain/features/sandbox/index.ts';
import {
  createHttpServer,
  type FastifyInstance,
  healthRoutes,
  type Logger,
  metrics,
  rateLimits,
  type Tokens,
} from '@connectgain/http';
import { jobGauges } from '@connectgain/jobs';
import type { Database } from '@connectgain/postgres';
import { createRealtime, mount, type Realtime, realtimeGauges } from '@connectgain/realtime';
import { restRoutes } from '@connectgain/rest';
import { createFileDriver, type Storage, storageRoutes } from '@connectgain/storage';
import type { Config } from './config.ts';
import { functions } from './functions.ts';
import { createOrganizations, type Organizations } from './organizations.ts';
import { createRequestLimits } from './requestLimits.ts';
import { sealSecretsInWrites } from './sealSecrets.ts';
import { mayUseTopic } from './topics.ts';
import { webApp, webDirectory } from './webApp.ts';
import type { Work } from './work.ts';

export interface ApiParts {
  config: Config;
  log: Logger;
  database: Database;
  tokens: Tokens;
  auth: Auth;
  storage: Storage;
  publicUrl: string;
  anonKey: string;
  secrets: { jwtSecret: string; secretsKey: string };
  demo: { email: string; password: string } | null;
  work: Work | undefined;
  sandbox?: Sandbox;
  sources: AccountSources;
  accounts: AccountCache;
  inbound: InboundWriter;
  adapters: { whatsappCloud: ChannelAdapter; webChat: ChannelAdapter };
  onRoute?: (method: string, path: string) => void;
}

/** Every surface of one node behind one port. */
export async function createApi(parts: ApiParts): Promise<FastifyInstance> {
  const { config, log, database, work } = parts;
  const organizations = createOrganizations(database.requests);
  const realtime = config.ROLE === 'worker' ? undefined : await startRealtime(parts, organizations);
  const app = createHttpServer({ log, trustProxy: config.TRUST_PROXY });
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) parts.onRoute?.(one, url);
  });
  await app.register(rateLimits, {});
  healthRoutes(app, {
    checks: {
      database: () => database.requests.query('select 1'),
      ...(work ? { jobs: () => work.check() } : {}),
      ...(realtime ? { realtime: () => realtime.check() } : {}),
    },
  });
  metrics(app, {
    pools: { owner: database.owner, requests: database.requests },
    gauges: [
      ...jobGauges(database.owner),
      ...eventGauges(database.owner),
      ...(work?.gauges ?? []),
      ...(realtime ? realtimeGauges(realtime) : []),
    ],
  });
  sealSecretsInWrites(app, { secretsKey: parts.secrets.secretsKey });
  if (realtime) await mountSurfaces(app, parts, organizations, realtime);
  return app;
}

async function startRealtime(parts: ApiParts, organizations: Organizations): Promise<Realtime> {
  const { database, tokens, log } = parts;
  return await createRealtime({
    database,
    tokens,
    log,
    authorizeTopic: (principal, topic) => mayUseTopic(organizations, principal, topic),
    tenant: {
      column: 'organization_id',
      of: (principal) => organizations.of(principal),
      // A member of two organizations is a colleague in both, whichever they are working in.
      shared: ['public.profiles'],
    },
  });
}

async function mountSurfaces(
  app: FastifyInstance,
  parts: ApiParts,
  organizations: Organizations,
  realtime: Realtime,
): Promise<void> {
  const { config, log, database, tokens } = parts;
  const limits = createRequestLimits(app, { config, tokens, organizations });
  const rest = restRoutes({
    database,
    tokens,
    schemas: ['public'],
    extraSearchPath: ['extensions'],
    // A set-returning statement that a stranger made too large ends here, cancelled by the database itself.
    appSettings: { statement_timeout: String(config.STATEMENT_TIMEOUT_MS) },
    pathIds: true,
    maxRows: 1000,
    log,
  });
  await app.register(
    async (scope: FastifyInstance) => {
      limits.rest(scope);
      await scope.register(rest);
    },
    { prefix: '/rest/v1' },
  );
  await app.register(parts.auth.routes, { prefix: '/auth/v1' });
  await app.register(async (scope: FastifyInstance) => mount(scope, realtime), { prefix: '/realtime/v1' });
  await app.register(
    storageRoutes({
      database,
      tokens,
      driver: createFileDriver(join(config.dataDir, 'files')),
      publicUrl: parts.publicUrl,
      log,
    }),
    { prefix: '/storage/v1' },
  );
  await app.register((scope: FastifyInstance) => functions(scope, parts, limits), { prefix: '/functions/v1' });
  await app.register(widgetScript);
  if (parts.sandbox) await app.register(demoSite(database.owner));
  if (existsSync(join(webDirectory, 'index.html'))) await app.register((scope: FastifyInstance) => web(scope, parts));
}

async function web(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { anonKey, publicUrl, demo, config } = parts;
  await webApp(app, {
    directory: webDirectory,
    appConfig: { anonKey, publicUrl, demo, signUp: config.SIGN_UP, sandbox: parts.sandbox !== undefined },
  });
}
