import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Auth } from '@connectgain/auth';
import type { ChannelAdapter } from '@connectgain/channels/contract.ts';
import {
  type AccountCache,
  type AccountSources,
  type InboundWriter,
  webhookRoute,
} from '@connectgain/features/messaging/index.ts';
import { sendFunction } from '@connectgain/features/messaging/outbound/sendFunction.ts';
import { webChatRoutes } from '@connectgain/features/messaging/webChat/webChatRoutes.ts';
import { widgetScript } from '@connectgain/features/messaging/webChat/widgetScript.ts';
import { demoSite } from '@connectgain/features/sandbox/demoSite.ts';
import type { Sandbox } from '@connectgain/features/sandbox/index.ts';
import {
  createHttpServer,
  type FastifyInstance,
  functionsEnvelope,
  healthRoutes,
  type Logger,
  metrics,
  organizationKey,
  rateLimits,
  requestLimit,
  type Tokens,
} from '@connectgain/http';
import { type Jobs, jobGauges } from '@connectgain/jobs';
import { type Database, type Principal, runAs } from '@connectgain/postgres';
import { realtimeRoutes } from '@connectgain/realtime';
import { restRoutes } from '@connectgain/rest';
import { createFileDriver, type Storage, storageRoutes } from '@connectgain/storage';
import { webDirectory } from './compose.ts';
import type { Config } from './config.ts';
import { sealSecretsInWrites } from './sealSecrets.ts';
import { webApp } from './webApp.ts';

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
  jobs: Jobs | undefined;
  sandbox?: Sandbox;
  sources: AccountSources;
  accounts: AccountCache;
  inbound: InboundWriter;
  adapters: { whatsappCloud: ChannelAdapter; webChat: ChannelAdapter };
}

/** Every surface of one node behind one port. */
export async function createApi(parts: ApiParts): Promise<FastifyInstance> {
  const { config, log, database } = parts;
  const app = createHttpServer({ log, trustProxy: config.TRUST_PROXY });
  await app.register(rateLimits, {});
  healthRoutes(app, {
    checks: {
      database: () => database.requests.query('select 1'),
      ...(parts.jobs ? { jobs: () => parts.jobs?.check() ?? Promise.resolve() } : {}),
    },
  });
  metrics(app, {
    pools: { owner: database.owner, requests: database.requests },
    gauges: jobGauges(database.owner),
  });
  sealSecretsInWrites(app, { secretsKey: parts.secrets.secretsKey });
  if (config.ROLE !== 'worker') await mountSurfaces(app, parts);
  return app;
}

async function mountSurfaces(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { config, log, database, tokens } = parts;
  const rest = restRoutes({
    database,
    tokens,
    schemas: ['public'],
    extraSearchPath: ['extensions'],
    pathIds: true,
    maxRows: 1000,
    // A set-returning statement that a stranger made too large ends here, cancelled by the database itself.
    appSettings: { statement_timeout: String(config.STATEMENT_TIMEOUT_MS) },
    log,
  });
  await app.register(rest, { prefix: '/rest/v1' });
  await app.register(parts.auth.routes, { prefix: '/auth/v1' });
  await app.register(
    realtimeRoutes({
      database,
      tokens,
      log,
      authorizeTopic: (principal, topic) => mayUseTopic(database, principal, topic),
    }),
    { prefix: '/realtime/v1' },
  );
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
  await app.register((scope: FastifyInstance) => functions(scope, parts), { prefix: '/functions/v1' });
  await app.register(widgetScript);
  if (parts.sandbox) await app.register(demoSite(database.owner));
  if (existsSync(join(webDirectory, 'index.html'))) {
    await app.register((scope: FastifyInstance) =>
      webApp(scope, {
        directory: webDirectory,
        appConfig: {
          anonKey: parts.anonKey,
          publicUrl: parts.publicUrl,
          demo: parts.demo,
          signUp: config.SIGN_UP,
          sandbox: parts.sandbox !== undefined,
        },
      }),
    );
  }
}

async function functions(app: FastifyInstance, parts: ApiParts): Promise<void> {
  const { config, database, tokens } = parts;
  await app.register(functionsEnvelope);
  const member = { requests: database.requests, tokens };
  const shared = {
    signing: config.META_APP_SECRET ? [config.META_APP_SECRET] : [],
    verifyTokens: config.WHATSAPP_CLOUD_VERIFY_TOKEN ? [config.WHATSAPP_CLOUD_VERIFY_TOKEN] : [],
  };
  // Providers are not limited: they retry what is refused, and what they send is wanted.
  await app.register(
    webhookRoute({
      path: '/whatsapp-cloud-webhook',
      adapter: parts.adapters.whatsappCloud,
      accounts: parts.accounts,
      writer: parts.inbound,
      signingSecret: 'app_secret',
      shared,
    }),
  );
  await app.register(
    webChatRoutes({
      database,
      storage: parts.storage,
      accounts: parts.accounts,
      sources: parts.sources,
      writer: parts.inbound,
      secret: parts.secrets.jwtSecret,
      log: parts.log,
    }),
  );
  await app.register(async (scope: FastifyInstance) => {
    if (config.RATE_LIMIT_FUNCTIONS > 0) {
      const limit = requestLimit(scope, {
        name: 'functions',
        max: config.RATE_LIMIT_FUNCTIONS,
        keyOf: organizationKey,
      });
      scope.addHook('preHandler', limit);
    }
    await scope.register(sendFunction({ ...member, path: '/whatsapp-cloud-send', channelType: 'WHATSAPP_CLOUD' }));
    if (parts.sandbox)
      await scope.register((inner: FastifyInstance) => parts.sandbox?.routes(inner) ?? Promise.resolve());
  });
}

/** Topics of an organization, `org:<id>:…`, are for its members; other names are free, as in Supabase. */
async function mayUseTopic(database: Database, principal: Principal, topic: string): Promise<boolean> {
  const organization = /^org:([0-9a-f-]{36})(:|$)/.exec(topic)?.[1];
  if (organization === undefined || principal.role === 'service_role') return true;
  if (principal.role !== 'authenticated') return false;
  const [result] = await runAs(database.requests, principal, [
    { text: 'select app.organization_id() = $1 as member', values: [organization] },
  ]);
  return result?.rows[0]?.member === true;
}
