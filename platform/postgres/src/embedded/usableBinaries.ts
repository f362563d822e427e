import { spawn } from 'node:child_process';
import { DatabaseUnavailable } from '../errors.ts';
import type { Account } from './account.ts';
import { type Binaries, completeBinaries, copyBinaries } from './binaries.ts';

/**
 * Programs that the server's account can run: the installed ones, or where it cannot reach or run those (a checkout under /root,
 * node_modules of another user without links) a copy below `copyFolder()`, which is asked for only then.
 */
export async function usableBinaries(
  installed: Binaries,
  account: Account,
  copyFolder: () => Promise<string>,
): Promise<Binaries> {
  if ((await completeBinaries(installed)) && (await complaintOf(installed, account)) === null) return installed;
  const copied = await copyBinaries(installed, await copyFolder());
  const complaint = await complaintOf(copied, account);
  if (complaint === null) return copied;
  throw new DatabaseUnavailable(
    'binaries',
    `The PostgreSQL programs do not run on this machine (${complaint}): install PostgreSQL and set DATABASE_URL.`,
  );
}

/** Runs `postgres --version` as the account; null where it works, otherwise what was said. */
function complaintOf(binaries: Binaries, account: Account): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(binaries.postgres, ['--version'], {
      ...account,
      cwd: '/',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : output.trim() || `ended with ${code}`));
  });
}
