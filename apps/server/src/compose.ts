import { join } from 'node:path';
import { createAuth } from '@connectgain/auth';
import { webChat } from '@connectgain/channels/web-chat/index.ts';
import { whatsappCloud } from '@connectgain/channels/whatsapp-cloud/index.ts';
import { createAccountCache, createInboundWriter } from '@connectgain/features/messaging/index.ts';
import { createSandbox } from '@connectgain/features/sandbox/index.ts';
import { createTokens, type FastifyInstance, type Logger } from '@connectgain/http';
import { type Database, migrate, openDatabase } from '@connectgain/postgres';
import { createFileDriver, createStorage } from '@connectgain/storage';
import { refuseInactive } from './activeMembers.ts';
import { createApi } from './api.ts';
import { type Config, ConfigError } from './config.ts';
import { seedWorkspace } from './demoWorkspace.ts';
import { instanceSecrets } from './instanceSecrets.ts';
import { createMail } from './mail.ts';
import { migrationSets } from './migrationSets.ts';
import { startWork } from './work.ts';

/** A running instance. */
export interface Instance {
  /** Where it is reached from here, `http://127.0.0.1:PORT`. */
  url: string;
  publicUrl: string;
  anonKey: string;
  serviceRoleKey: string;
  database: Database;
  demo: { email: string; password: string } | null;
  close(): Promise<void>;
}

export interface InstanceOptions {
  /** Where the simulator of sandbox accounts listens, for tests that drive one of their own. */
  simulatorUrl?: (type: string) => string | undefined;
  /** Milliseconds that a provider may take to answer, for tests that do not want to wait half a minute. */
  providerTimeoutMs?: number;
  /** Told of every route, for tests that visit all of them. */
  onRoute?: (method: string, path: string) => void;
}

/** Puts the rooms together and starts them, in the order in which they need each other; `close` goes the same way back. */
export async function startInstance(config: Config, log: Logger, o: InstanceOptions = {}): Promise<Instance> {
  const closers: (() => Promise<unknown>)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) {
      await close().catch((error: unknown) => log.error({ err: error }, 'a part did not stop cleanly'));
    }
  };
  try {
    return await start(config, log, o, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function start(
  config: Config,
  log: Logger,
  o: InstanceOptions,
  closers: (() => Promise<unknown>)[],
  closeAll: () => Promise<void>,
): Promise<Instance> {
  const secrets = await instanceSecrets(config);
  const database = await openDatabase({
    ...(config.DATABASE_URL === undefined ? {} : { url: config.DATABASE_URL }),
    dataDir: config.dataDir,
    ...(config.DATABASE_PORT === 0 ? {} : { port: config.DATABASE_PORT }),
    secret: secrets.jwtSecret,
    log,
    maxConnections: config.DATABASE_CONNECTIONS,
  });
  closers.push(() => database.close());
  await migrate(database, migrationSets, log);

  const publicUrl = config.PUBLIC_URL ?? `http://localhost:${config.PORT}`;
  const tokens = createTokens({ secret: secrets.jwtSecret, issuer: 'connectgain' });
  const [anonKey, serviceRoleKey] = await Promise.all([tokens.signKey('anon'), tokens.signKey('service_role')]);

  const mailer = createMail(config, database, log);
  // What an earlier start left unsent; requests do not wait for it.
  mailer.deliver().catch((error: unknown) => log.warn({ err: error }, 'queued mails were not sent'));
  closers.push(() => mailer.close());
  const auth = createAuth({
    database,
    tokens,
    secret: secrets.jwtSecret,
    publicUrl,
    mailer,
    autoConfirm: config.SMTP_HOST === undefined,
    disableSignup: !config.SIGN_UP,
    log,
    canSignIn: (userId) => refuseInactive(database, userId),
  });
  const storage = createStorage({
    database,
    driver: createFileDriver(join(config.dataDir, 'files')),
    tokens,
    publicUrl,
    log,
  });
  closers.push(() => storage.close());

  const sandbox = config.DEMO
    ? createSandbox({
        db: database.owner,
        requests: database.requests,
        tokens,
        jwtSecret: secrets.jwtSecret,
        secretsKey: secrets.secretsKey,
        log,
      })
    : undefined;
  if (sandbox) {
    await sandbox.open();
    closers.push(() => sandbox.close());
  }
  const simulatorUrl = o.simulatorUrl ?? sandbox?.url;
  const sources = { secretsKey: secrets.secretsKey, ...(simulatorUrl ? { sandboxUrl: simulatorUrl } : {}) };
  const demo = config.DEMO ? await seedWorkspace(database, auth, secrets) : null;

  let app: FastifyInstance | undefined;
  let url = `http://127.0.0.1:${config.PORT}`;
  const work = config.ROLE === 'api' ? undefined : await startWork(config, { ...o, database, storage, sources, log });
  if (work) closers.push(() => work.stop());

  app = await createApi({
    config,
    log,
    database,
    tokens,
    auth,
    storage,
    publicUrl,
    anonKey,
    secrets,
    demo,
    work,
    ...(sandbox ? { sandbox } : {}),
    sources,
    accounts: createAccountCache(database.owner, sources),
    inbound: createInboundWriter(database.owner),
    adapters: { whatsappCloud, webChat },
    ...(o.onRoute ? { onRoute: o.onRoute } : {}),
  });
  closers.push(async () => app?.startDraining({}));
  url = await listen(app, config);
  if (sandbox) await sandbox.connect(`${url}/functions/v1/whatsapp-cloud-webhook`);

  let closing: Promise<void> | undefined;
  return {
    url,
    publicUrl: config.PUBLIC_URL ?? url.replace('127.0.0.1', 'localhost'),
    anonKey,
    serviceRoleKey,
    database,
    demo,
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

async function listen(app: FastifyInstance, config: Config): Promise<string> {
  try {
    const address = new URL(await app.listen({ port: config.PORT, host: config.HOST }));
    return `http://127.0.0.1:${address.port}`;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new ConfigError(`Port ${config.PORT} is taken by another program: stop it or set PORT to another number.`);
    }
    throw error;
  }
}
