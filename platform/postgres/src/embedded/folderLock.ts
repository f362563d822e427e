import { createHash, randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, DatabaseUnavailable } from '../errors.ts';
import { isRunning, ownIdentity, type ProcessIdentity } from './processes.ts';

export interface FolderLock {
  release(): Promise<void>;
}

/** How long a second start waits for the first one to end: enough for a restart that overlaps. */
const patienceMs = 2_000;
const lookEveryMs = 50;
/** A holder in another container or on another host shows that it lives by touching the file. */
const touchEveryMs = 5_000;
const foreignStaleMs = 15_000;
const takeoverStaleMs = 10_000;

/**
 * Only one program may run a data folder. The lock is a file naming the holder; a holder that was killed is recognised by its
 * process number *and* start time (the number alone may have gone to another program), one that cannot be seen from here
 * (another container on the same volume) by a file that nobody touches any more.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = join(folder, 'lock');
  const own = JSON.stringify({ ...(await ownIdentity()), nonce: randomBytes(8).toString('hex') });
  const started = Date.now();
  while (true) {
    if (await create(file, own)) return hold(file, own);
    const content = await readFile(file, 'utf8').catch(() => null);
    if (content === null) continue;
    const holder = parseHolder(content);
    if (await isStale(file, holder)) {
      if (await takeOver(file, content, own)) return hold(file, own);
      continue;
    }
    // A foreign holder is only believed once it has had the time to touch the file.
    const wait = holder && holder.machine !== (await ownIdentity()).machine ? foreignStaleMs : patienceMs;
    if (Date.now() - started > wait) throw alreadyRuns(folder, holder);
    await pause(lookEveryMs);
  }
}

/** Whether a living program holds the folder, or just made it and is about to. */
export async function isLocked(folder: string): Promise<boolean> {
  const file = join(folder, 'lock');
  const content = await readFile(file, 'utf8').catch(() => null);
  if (content !== null) return !(await isStale(file, parseHolder(content)));
  const made = await stat(folder).catch(() => null);
  return made !== null && Date.now() - made.mtimeMs < foreignStaleMs;
}

/** Creates the file with its content in one step, so that nobody ever reads half of it. False where it exists. */
async function create(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, content, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function isStale(file: string, holder: ProcessIdentity | null): Promise<boolean> {
  if (holder && holder.machine === (await ownIdentity()).machine) return !(await isRunning(holder));
  const touched = await stat(file).catch(() => null);
  return touched !== null && Date.now() - touched.mtimeMs > foreignStaleMs;
}

/** Replaces a stale lock. Of several starts that see the same one, the creator of the takeover file does it, the others look again. */
async function takeOver(file: string, stale: string, own: string): Promise<boolean> {
  const claim = `${file}.takeover-${createHash('sha256').update(stale).digest('hex').slice(0, 12)}`;
  if (!(await create(claim, own))) {
    const touched = await stat(claim).catch(() => null);
    if (touched && Date.now() - touched.mtimeMs > takeoverStaleMs) await rm(claim, { force: true });
    await pause(lookEveryMs);
    return false;
  }
  try {
    if ((await readFile(file, 'utf8').catch(() => null)) !== stale) return false;
    const draft = `${file}.${randomBytes(6).toString('hex')}`;
    await writeFile(draft, own, { mode: 0o600 });
    await rename(draft, file);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

function hold(file: string, own: string): FolderLock {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, touchEveryMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      if ((await readFile(file, 'utf8').catch(() => null)) === own) await rm(file, { force: true });
    },
  };
}

function parseHolder(content: string): ProcessIdentity | null {
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value !== 'object' || value === null) return null;
    if (!('pid' in value) || !('started' in value) || !('machine' in value)) return null;
    return { pid: Number(value.pid), started: String(value.started), machine: String(value.machine) };
  } catch {
    return null;
  }
}

function alreadyRuns(folder: string, holder: ProcessIdentity | null): DatabaseUnavailable {
  const who = holder ? `process ${holder.pid} on ${holder.machine.split(' ')[0]}` : 'another process';
  return new DatabaseUnavailable(
    'locked',
    `The database in ${folder} is already in use by ${who}: stop that one first, or set DATA_DIR to another folder.`,
  );
}
