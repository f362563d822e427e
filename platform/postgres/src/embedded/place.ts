import { createHash } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { DatabaseUnavailable, reasonOf } from '../errors.ts';
import { type Account, canEnter, serverAccount } from './account.ts';
import { chownTree } from './chownTree.ts';

/** Where the server keeps its data, and who it runs as. */
export interface Place {
  /** Our folder: lock, credentials, remembered port. Only we need to read it. */
  control: string;
  /** PGDATA. Inside `control` where the server's account can get there. */
  data: string;
  account: Account;
}

/** Where data and programs go when the server's account cannot enter the data folder: kept over restarts, in this order. */
const publicFolders = ['/var/lib/connectgain', '/opt/connectgain', '/var/tmp/connectgain'];

/**
 * Decides where the database lives. As root the server runs as another account, which cannot enter, for example, a checkout
 * under /root; its data then live in a public folder and `location.json` in the control folder remembers which.
 */
export async function choosePlace(controlFolder: string, log: Logger): Promise<Place> {
  // As root the server's account must be able to pass through, to its own data folder and nothing else.
  await mkdir(controlFolder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const control = await realpath(controlFolder);
  const inside = join(control, 'data');
  const remembered = await readLocation(control);
  if (remembered !== null) {
    await checkRemembered(control, remembered);
    return await owned({ control, data: remembered, account: await serverAccount(remembered) });
  }
  const account = await serverAccount(inside);
  if (!account) return await owned({ control, data: inside, account });
  await chmod(control, 0o711);
  if (await canEnter(account, control)) return await owned({ control, data: inside, account });

  const home = await publicHome(account, control);
  const data = join(home, 'data');
  if (await exists(inside)) await move(inside, data);
  await writeFile(join(home, 'belongs-to'), control, { mode: 0o600 });
  await writeFile(join(control, 'location.json'), `${JSON.stringify({ data })}\n`, { mode: 0o600 });
  log.warn({ data }, `the database lives in ${data}: its account cannot enter ${control}`);
  return await owned({ control, data, account });
}

/** A folder for programs that the account can enter. */
export async function publicFolder(account: Account): Promise<string> {
  for (const folder of publicFolders) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 });
      await chmod(folder, 0o755);
      if (await canEnter(account, folder)) return folder;
    } catch (error) {
      if (error instanceof DatabaseUnavailable) throw error;
    }
  }
  throw new DatabaseUnavailable(
    'location',
    `None of ${publicFolders.join(', ')} can be made and entered by the database's account: set DATA_DIR to a folder that everybody may enter.`,
  );
}

async function publicHome(account: Account, control: string): Promise<string> {
  const name = createHash('sha256').update(control).digest('hex').slice(0, 12);
  const home = join(await publicFolder(account), name);
  await mkdir(home, { recursive: true, mode: 0o711 });
  await chmod(home, 0o711);
  return home;
}

async function readLocation(control: string): Promise<string | null> {
  const text = await readFile(join(control, 'location.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'data' in value && typeof value.data === 'string')
      return value.data;
  } catch {
    // Falls through to the sentence below, which says what to do.
  }
  throw new DatabaseUnavailable(
    'location',
    `${join(control, 'location.json')} does not say where the database is: restore it, or delete it to begin with an empty one.`,
  );
}

/** A copied checkout brings a copy of location.json: two programs must not end up with one database. */
async function checkRemembered(control: string, data: string): Promise<void> {
  const file = join(control, 'location.json');
  if (!(await exists(dirname(data)))) {
    throw new DatabaseUnavailable(
      'location',
      `The database is gone from ${data}, where ${file} says it is: restore it, or delete ${file} to begin with an empty one.`,
    );
  }
  const mark = join(dirname(data), 'belongs-to');
  const owner = (await readFile(mark, 'utf8').catch(() => control)).trim();
  if (owner === control) return;
  if (await exists(join(owner, 'location.json'))) {
    throw new DatabaseUnavailable(
      'location',
      `The database in ${data} belongs to ${owner}, of which this folder seems to be a copy: delete ${file} to begin with an empty one.`,
    );
  }
  await writeFile(mark, control, { mode: 0o600 });
}

/** PostgreSQL wants its folder to be its own. As root we hand it over; as a user we can only say who has it. */
async function owned(place: Place): Promise<Place> {
  const folder = await stat(place.data).catch(() => null);
  if (!folder) return place;
  const uid = place.account?.uid ?? process.getuid?.() ?? folder.uid;
  if (folder.uid === uid) return place;
  if (place.account) {
    await chownTree(place.data, place.account);
    return place;
  }
  throw new DatabaseUnavailable(
    'location',
    `The database in ${place.data} belongs to user ${folder.uid} because it was last started as root: start as root again, or run "chown -R $(id -u) ${place.data}" as root.`,
  );
}

/** Moves a folder, also to another file system; a copy that was interrupted is not taken for the whole. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch {
    const partial = join(dirname(to), `${basename(to)}.partial`);
    await rm(partial, { recursive: true, force: true });
    try {
      await cp(from, partial, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
      const source = await stat(from);
      await chownTree(partial, { uid: source.uid, gid: source.gid });
      await rename(partial, to);
      await rm(from, { recursive: true });
    } catch (error) {
      throw new DatabaseUnavailable(
        'location',
        `The database cannot be moved from ${from} to ${to}: ${reasonOf(error)}.`,
        {
          cause: error,
        },
      );
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
