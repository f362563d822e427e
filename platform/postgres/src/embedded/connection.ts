import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCredentials } from './credentials.ts';
import { ownerName } from './owner.ts';

/** Connection string of a login of the embedded server. */
export function connectionString(user: string, password: string, port: number, database: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

/** Connection string of the embedded database in a folder as of its last start, or null where none was made yet. */
export async function embeddedUrl(folder: string): Promise<string | null> {
  const credentials = await readCredentials(folder);
  const port = await readPort(folder);
  return credentials && port ? connectionString(ownerName, credentials.owner, port, ownerName) : null;
}

/** The port used last, so that the connection string stays the same over restarts; at first one that depends on the folder. */
export async function usualPort(folder: string): Promise<number> {
  // Below the range from which systems take ports for outgoing connections.
  return (await readPort(folder)) ?? 25_000 + (createHash('sha256').update(folder).digest().readUInt16BE(0) % 2_000);
}

/** Remembers the port for the next start and for `embeddedUrl`. */
export async function rememberPort(folder: string, port: number): Promise<void> {
  await writeFile(join(folder, 'port'), `${port}\n`, { mode: 0o600 });
}

async function readPort(folder: string): Promise<number | null> {
  const text = await readFile(join(folder, 'port'), 'utf8').catch(() => '');
  const port = Number.parseInt(text, 10);
  return port > 0 && port < 65536 ? port : null;
}
