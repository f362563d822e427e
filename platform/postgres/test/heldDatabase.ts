import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from '@connectgain/testing/temporaryFolder.ts';
import pg from 'pg';
import { onTestFinished } from 'vitest';

/** What `programs/holdDatabase.ts` printed. */
export interface Held {
  child: ChildProcess;
  url: string;
  version: number;
  problem: string;
  message: string;
  /** Its log messages until then. */
  said: string[];
}

/** Starts a program of `programs/`, killed when the test is over. */
export function heldProgram(file: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
  const program = fileURLToPath(new URL(`programs/${file}`, import.meta.url));
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit', env: { ...process.env, ...env } });
  onTestFinished(() => end(child, 'SIGKILL'));
  return child;
}

const program = fileURLToPath(new URL('programs/holdDatabase.ts', import.meta.url));

/** Starts a program of its own that opens the database in a folder; it and its server are stopped when the test is over. */
export async function holdDatabase(
  dataDir: string,
  options: { port?: number; uid?: number; env?: Record<string, string> } = {},
): Promise<Held> {
  const args = [program, dataDir, ...(options.port === undefined ? [] : [String(options.port)])];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  onTestFinished(() => end(child, 'SIGTERM'));
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line');
  return { child, url: '', version: 0, problem: '', message: '', said: [], ...JSON.parse(String(line)) };
}

/** Ends a program and waits until it is gone. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** A temporary folder, removed after the test. Mode 711: as root the server's account must be able to pass through. */
export async function temporaryFolder(mode = 0o711): Promise<string> {
  const folder = await makeTemporaryFolder('connectgain-hold-', mode);
  removeAtEnd(folder);
  return folder;
}

/** Removes a folder after the test; again for a while, where a server that lost its program is still ending in it. */
export function removeAtEnd(folder: string): void {
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 25 }));
}

let prepared: Promise<string> | undefined;

/** As `temporaryFolder`, with a database in it that was started and stopped once and has the table `kept` with one row. */
export async function folderWithDatabase(): Promise<string> {
  prepared ??= prepare();
  const folder = await temporaryFolder();
  await cp(join(await prepared, 'postgres'), join(folder, 'postgres'), { recursive: true });
  return folder;
}

async function prepare(): Promise<string> {
  const folder = await makeTemporaryFolder('connectgain-hold-');
  const held = await holdDatabase(folder);
  await query(held.url, 'create table kept as select 1 as n');
  await end(held.child, 'SIGTERM');
  return folder;
}

/** Removes what `folderWithDatabase` copies from. */
export async function removePrepared(): Promise<void> {
  if (prepared) await rm(await prepared, { recursive: true, force: true });
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(text);
    return result.rows;
  } finally {
    await client.end();
  }
}

/** Number of the postmaster of a data folder, as it wrote it down. */
export async function postmasterOf(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8'), 10);
}
