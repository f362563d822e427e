import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { codeOf, DatabaseUnavailable } from '../errors.ts';

/** Who the server runs as. PostgreSQL refuses root; null means: as ourselves. */
export type Account = { uid: number; gid: number } | null;

/** First number tried for a user of our own: above what systems hand out, below the 65536 that a rootless container has. */
const firstOwnId = 55432;

/**
 * The account of the server for a data folder. As a normal user: ourselves. As root: who owns the folder already, otherwise a
 * number that no account has, so that no other program on the machine shares the server's rights.
 */
export async function serverAccount(dataFolder: string): Promise<Account> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(dataFolder).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const taken = await takenIds();
  let id = firstOwnId;
  while (taken.has(id)) id += 1;
  return { uid: id, gid: id };
}

/**
 * initdb insists on an account with a name, the server does not. As root it runs as one that every system has; the new folder
 * is handed to the server's own account afterwards.
 */
export async function namedAccount(): Promise<Account> {
  if (process.getuid?.() !== 0) return null;
  const accounts = await passwd();
  const chosen = accounts.find((account) => account.name === 'nobody') ?? accounts.find((account) => account.uid !== 0);
  if (!chosen) {
    throw new DatabaseUnavailable(
      'account',
      'PostgreSQL does not run as root and /etc/passwd has no other account: start as a normal user, or set DATABASE_URL.',
    );
  }
  return { uid: chosen.uid, gid: chosen.gid };
}

/** Whether the account can enter a folder: asked of the kernel itself, since modes alone do not know of ACLs or mounts. */
export async function canEnter(account: Account, folder: string): Promise<boolean> {
  if (!account) return true;
  const child = spawn('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...account, cwd: '/', stdio: 'ignore', env: {} });
  return await new Promise((resolve, reject) => {
    child.on('error', (error) => reject(codeOf(error) === 'ENOENT' ? error : cannotSwitch(error)));
    child.on('exit', (code) => resolve(code === 0));
  });
}

function cannotSwitch(cause: Error): DatabaseUnavailable {
  return new DatabaseUnavailable(
    'account',
    'PostgreSQL does not run as root and this root may not become another user (a restricted container?): ' +
      'start as a normal user, or set DATABASE_URL.',
    { cause },
  );
}

async function passwd(): Promise<{ name: string; uid: number; gid: number }[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

async function takenIds(): Promise<Set<number>> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  const ids = groups.split('\n').map((line) => Number(line.split(':')[2]));
  return new Set([...ids, ...(await passwd()).map((account) => account.uid)]);
}
