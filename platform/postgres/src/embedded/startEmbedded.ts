import type { Logger } from 'pino';
import { type Binaries, installedBinaries } from './binaries.ts';
import { connectionString, rememberPort, usualPort } from './connection.ts';
import { type Credentials, createCredentials, readCredentials } from './credentials.ts';
import { lockFolder } from './folderLock.ts';
import { checkMajor, initialise, majorOf } from './initialise.ts';
import { ensureOwner, ownerName, resetAdministrator } from './owner.ts';
import { choosePlace, type Place, publicFolder } from './place.ts';
import { reclaim } from './reclaim.ts';
import { startServer } from './server.ts';
import { serverSettings } from './settings.ts';
import { type Supervised, supervise } from './supervise.ts';
import { usableBinaries } from './usableBinaries.ts';

export interface EmbeddedOptions {
  /** Folder for everything that belongs to the server, made where missing. */
  folder: string;
  /** Port on 127.0.0.1; 0 for any free one; default: the one used last, or one from a fixed range. A taken one is replaced. */
  port?: number;
  maxConnections?: number;
  durable?: boolean;
  log: Logger;
}

export interface EmbeddedServer {
  /** Connection string of `connectgain`, who owns the database of the same name. */
  url: string;
  /** Connection string of the administrator, database `postgres`. */
  administratorUrl: string;
  /** PGDATA. */
  data: string;
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL for a folder: takes the folder's lock, clears what an earlier run left, makes the database on the first start,
 * and resolves when it accepts connections. Every failure is a DatabaseUnavailable with a sentence for the operator.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { log } = options;
  const place = await choosePlace(options.folder, log);
  const lock = await lockFolder(place.control);
  let server: Supervised | undefined;
  try {
    const { account, control, data } = place;
    const copyFolder = async () => (account ? await publicFolder(account) : control);
    const binaries = await usableBinaries(await installedBinaries(), account, copyFolder);
    await reclaim(data, log);
    const credentials = await prepareData(place, binaries, options);
    const start = async (port: number, fixedPort: boolean) =>
      await startServer({
        data,
        binaries,
        account,
        port,
        fixedPort,
        settings: serverSettings({ maxConnections: options.maxConnections ?? 100, durable: options.durable ?? true }),
        log,
      });
    const running = await start(options.port ?? (await usualPort(control)), false);
    const { port } = running;
    const restart = async () => {
      await reclaim(data, log);
      return await start(port, true);
    };
    server = supervise(running, restart, log);
    await rememberPort(control, port);
    const administratorUrl = connectionString('postgres', credentials.administrator, port, 'postgres');
    await ensureOwner(administratorUrl, credentials.owner);
    const { stop, ended } = server;
    return {
      url: connectionString(ownerName, credentials.owner, port, ownerName),
      administratorUrl,
      data,
      ended,
      async stop() {
        await stop();
        await lock.release();
      },
    };
  } catch (error) {
    await server?.stop();
    await lock.release();
    throw error;
  }
}

async function prepareData(place: Place, binaries: Binaries, { log, durable }: EmbeddedOptions): Promise<Credentials> {
  const major = await majorOf(place.data);
  if (major === null) {
    const credentials = await createCredentials(place.control);
    await initialise({ ...place, binaries, password: credentials.administrator, durable: durable ?? true });
    log.info({ data: place.data }, 'made a new database');
    return credentials;
  }
  checkMajor(place.data, major);
  const known = await readCredentials(place.control);
  if (known) return known;
  log.warn('the database passwords are missing, setting new ones');
  const credentials = await createCredentials(place.control);
  await resetAdministrator(place, binaries, credentials.administrator);
  return credentials;
}
