import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Auth, createAuth, createMailQueue, createSmtpMailer, type MailQueue } from '@connectgain/auth';
import { webChat } from '@connectgain/channels/web-chat/index.ts';
import { whatsappCloud } from '@connectgain/channels/whatsapp-cloud/index.ts';
import { seedDemo } from '@connectgain/database/seed/demo.ts';
import { eventTasks, type Subscriber, startDispatcher } from '@connectgain/events';
import {
  adapterLookup,
  createAccountCache,
  createInboundWriter,
  createProviderTransports,
  messagingTasks,
} from '@connectgain/features/messaging/index.ts';
import { createSandbox, sandboxAppSecret } from '@connectgain/features/sandbox/index.ts';
import { createTokens, encryptSecret, type FastifyInstance, forbidden, type Logger } from '@connectgain/http';
import { defineTask, type Jobs, startJobs } from '@connectgain/jobs';
import { type Database, migrate, openDatabase } from '@connectgain/postgres';
import { createFileDriver, createStorage, createThumbnail, type Storage, sniffMedia } from '@connectgain/storage';
import { z } from 'zod';
import { createApi } from './api.ts';
import { type Config, ConfigError } from './config.ts';
import { instanceSecrets } from './instanceSecrets.ts';
import { migrationSets } from './migrationSets.ts';

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
  const demo = config.DEMO ? await seed(database, auth, secrets) : null;

  let app: FastifyInstance | undefined;
  let url = `http://127.0.0.1:${config.PORT}`;
  const jobs = config.ROLE === 'api' ? undefined : await startWork(config, { database, storage, sources, log });
  if (jobs) closers.push(() => jobs.stop());

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
    jobs,
    ...(sandbox ? { sandbox } : {}),
    sources,
    accounts: createAccountCache(database.owner, sources),
    inbound: createInboundWriter(database.owner),
    adapters: { whatsappCloud, webChat },
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

function createMail(config: Config, database: Database, log: Logger): MailQueue {
  const transport =
    config.SMTP_HOST === undefined
      ? undefined
      : createSmtpMailer({
          host: config.SMTP_HOST,
          port: config.SMTP_PORT,
          ...(config.SMTP_SECURE ? { secure: true } : {}),
          ...(config.SMTP_USER === undefined ? {} : { user: config.SMTP_USER }),
          ...(config.SMTP_PASSWORD === undefined ? {} : { password: config.SMTP_PASSWORD }),
          from: config.SMTP_FROM,
        });
  return createMailQueue({ pool: database.owner, log, ...(transport ? { transport } : {}) });
}

/** A member who was removed everywhere cannot sign in; one who left a single organization still can. */
async function refuseInactive(database: Database, userId: string) {
  const { rows } = await database.owner.query<{ allowed: boolean }>(
    `select coalesce(p.is_active and exists (select 1 from public.user_roles r where r.user_id = p.id and r.is_active), true) as allowed
     from (select $1::uuid as id) u left join public.profiles p on p.id = u.id`,
    [userId],
  );
  return rows[0]?.allowed === false
    ? forbidden('This account was deactivated. Ask an administrator of your team.')
    : null;
}

async function seed(database: Database, auth: Auth, secrets: { jwtSecret: string; secretsKey: string }) {
  const workspace = await seedDemo(database.owner, {
    async createUser(user) {
      const existing = await auth.findUser({ email: user.email });
      return existing ?? (await auth.createUser(user));
    },
    seal: (text) => encryptSecret(secrets.secretsKey, text),
    sandboxAppSecret: sandboxAppSecret(secrets.jwtSecret),
  });
  return { email: workspace.email, password: workspace.password };
}

interface WorkParts {
  database: Database;
  storage: Storage;
  sources: { secretsKey: string; sandboxUrl?: (type: string) => string | undefined };
  log: Logger;
}

async function startWork(config: Config, parts: WorkParts): Promise<Jobs> {
  const { database, storage, sources, log } = parts;
  const transports = createProviderTransports({ allow: config.OUTBOUND_ALLOW });
  // Media jobs act for the server itself: the file comes from a customer or goes to a provider, no user asks for it.
  const files = storage.asSystem();
  const subscribers: Subscriber[] = [];
  const events = eventTasks({ database, subscribers });
  const housekeeping = defineTask('auth.cleanup', z.unknown(), () => database.owner.query('select auth.cleanup()'));
  const tasks = [
    ...events.tasks,
    housekeeping,
    ...messagingTasks({
      owner: database.owner,
      adapters: adapterLookup([whatsappCloud, webChat]),
      sources,
      transport: (account) => transports.for(account),
      now: () => new Date(),
      async readMedia(path) {
        const found = await files.find('media', path);
        if (!found) return undefined;
        const { body } = await files.get('media', path);
        return new Uint8Array(Buffer.concat(await body.toArray()));
      },
      store: async (path, bytes, mime) => {
        await files.put('media', path, Buffer.from(bytes), { contentType: mime, upsert: true });
      },
      sniff: sniffMedia,
      thumbnail: async (bytes, mime) => (mime.startsWith('image/') ? (await createThumbnail(bytes)).bytes : undefined),
    }),
  ];
  const dispatcher = await startDispatcher({ database, subscribers, log });
  const jobs = await startJobs({
    database,
    tasks,
    cron: [...events.cron, { task: housekeeping.name, match: '41 * * * *', identifier: housekeeping.name }],
    log,
    concurrency: { main: config.WORKER_CONCURRENCY, slow: config.WORKER_CONCURRENCY },
  });
  return {
    check: () => jobs.check(),
    async stop() {
      await jobs.stop();
      await dispatcher.stop();
      await transports.close();
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

/** Where Vite puts the built web app. */
export const webDirectory = fileURLToPath(new URL('../../web/dist/', import.meta.url));
