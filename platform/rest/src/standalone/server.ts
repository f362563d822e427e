/** The engine in front of any PostgreSQL, alone: configured by `PGRST_*`, callers known by their JWT. */
import { chmod } from 'node:fs/promises';
import fastify, { type FastifyInstance } from 'fastify';
import pg from 'pg';
import type { Logger } from 'pino';
import { createRestEngine, type RestEngine } from '../engine.ts';
import { mountEngine } from '../routes.ts';
import { installCors } from './cors.ts';
import { readDatabaseConfig } from './databaseConfig.ts';
import { createIdentify } from './jwt.ts';
import { readSettings, type StandaloneSettings, unknownVariables } from './settings.ts';

export interface Standalone {
  /** Where it answers. */
  address: string;
  adminAddress: string | undefined;
  close(): Promise<void>;
}

/** Rejects with SettingError for settings that cannot be used, and with pg's error when the database cannot be reached. */
export const startStandalone = async (environment: NodeJS.ProcessEnv, log: Logger): Promise<Standalone> => {
  for (const name of unknownVariables(environment)) log.warn(`${name} is not known and is ignored.`);
  const first = readSettings(environment);
  const pool = createPool(first, log);
  const open = new Set<pg.PoolClient>();
  pool.on('connect', (client) => open.add(client));
  pool.on('remove', (client) => open.delete(client));
  const opened: { close(): Promise<unknown> }[] = [];
  const close = async (): Promise<void> => {
    for (const resource of opened.toReversed()) await resource.close();
    await endPool(pool, open);
  };
  try {
    const settings = first.databaseConfig
      ? readSettings(environment, await readDatabaseConfig(pool, first.preConfig))
      : first;
    const engine = createEngine(settings, pool, log);
    opened.push(engine);
    await engine.reloadSchema();
    await engine.listen();
    const app = await createApp(settings, engine);
    opened.push({ close: async () => await app.close() });
    const address = await listen(app, settings);
    const admin = settings.adminPort === undefined ? undefined : createAdmin(pool);
    if (admin !== undefined) opened.push({ close: async () => await admin.close() });
    const adminAddress = await admin?.listen({ port: settings.adminPort, host: hostOf(settings.adminHost) });
    return { address, adminAddress, close };
  } catch (error) {
    await close();
    throw error;
  }
};

const createPool = (s: StandaloneSettings, log: Logger): pg.Pool => {
  const pool = new pg.Pool({
    connectionString: s.uri,
    max: s.pool,
    connectionTimeoutMillis: s.poolAcquisitionTimeout * 1000,
    idleTimeoutMillis: s.poolMaxIdle * 1000,
    maxLifetimeSeconds: s.poolMaxLifetime,
    application_name: 'connectgain rest',
  });
  pool.on('error', (error) => log.warn({ err: error }, 'idle database connection lost'));
  return pool;
};

/** Resolves when the last connection is closed; the pool's own `end` does while they still say good-bye. */
const endPool = async (pool: pg.Pool, open: ReadonlySet<pg.PoolClient>): Promise<void> => {
  const { promise: allClosed, resolve } = Promise.withResolvers<void>();
  pool.on('remove', () => {
    if (open.size === 0) resolve();
  });
  await pool.end();
  if (open.size > 0) await allClosed;
};

const createEngine = (s: StandaloneSettings, pool: pg.Pool, log: Logger): RestEngine =>
  createRestEngine({
    pool,
    // Without a connection string LISTEN reads the same PG* variables as the pool.
    listenUrl: s.channelEnabled ? (s.uri ?? 'postgresql://') : undefined,
    channel: s.channel,
    schemas: s.schemas,
    extraSearchPath: s.extraSearchPath,
    anonRole: s.anonRole,
    maxRows: s.maxRows,
    preRequest: s.preRequest,
    aggregates: s.aggregates,
    plans: s.plans,
    txEnd: s.txEnd,
    openApi: { mode: s.openApiMode, serverUrl: s.openApiServer, security: s.openApiSecurity },
    rootFunction: s.rootSpec,
    appSettings: s.appSettings,
    hoistedSettings: s.hoistedSettings,
    preparedStatements: s.preparedStatements,
    timing: s.timing,
    log,
  });

const createApp = async (s: StandaloneSettings, engine: RestEngine): Promise<FastifyInstance> => {
  const identify = await createIdentify({
    secret: s.jwtSecret,
    secretIsBase64: s.jwtSecretIsBase64,
    audience: s.jwtAudience,
    roleClaim: s.roleClaim,
    anonRole: s.anonRole,
    cacheEntries: s.jwtCacheEntries,
  });
  const app = fastify({ bodyLimit: 100 * 1024 * 1024, forceCloseConnections: 'idle' });
  installAbortSignal(app);
  installCors(app, s.corsOrigins);
  const { traceHeader } = s;
  if (traceHeader !== undefined) {
    app.addHook('onRequest', async (request, reply) => {
      reply.header(traceHeader, request.headers[traceHeader] ?? '');
    });
  }
  mountEngine(app, engine, { identify: (request) => identify(request.headers.authorization) });
  return app;
};

/** Fastify's own signal fires when a body was read; the answer's `close` is when nobody waits any more. */
const installAbortSignal = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (request, reply) => {
    const controller = new AbortController();
    Object.defineProperty(request, 'signal', { value: controller.signal, configurable: true });
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) controller.abort(new Error('The caller closed the connection.'));
    });
  });
};

/** `*`, `*4`, `!4`, `*6` and `!6` stand for all addresses of a kind. */
const hostOf = (host: string): string => (/^[*!]4$/.test(host) ? '0.0.0.0' : /^(\*|[*!]6)$/.test(host) ? '::' : host);

const listen = async (app: FastifyInstance, s: StandaloneSettings): Promise<string> => {
  if (s.unixSocket === undefined) return await app.listen({ port: s.port, host: hostOf(s.host) });
  const address = await app.listen({ path: s.unixSocket });
  await chmod(s.unixSocket, s.unixSocketMode);
  return address;
};

/** `/live` while the process answers, `/ready` while the database does too. */
const createAdmin = (pool: pg.Pool): FastifyInstance => {
  const app = fastify();
  app.get('/live', async (_request, reply) => await reply.code(200).send());
  app.get('/ready', async (_request, reply) => {
    const reachable = await pool.query('select 1').then(
      () => true,
      () => false,
    );
    return await reply.code(reachable ? 200 : 503).send();
  });
  return app;
};
