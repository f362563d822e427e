import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DatabaseUnavailable } from '../errors.ts';
import { serverProcesses } from './processes.ts';

const lookEveryMs = 20;
const steps = [
  { signal: 'SIGINT', waitMs: 10_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 2_000 },
] as const;

/**
 * Clears a data folder of what an earlier run left: a server whose program was killed is stopped, and a postmaster.pid whose
 * process is gone, or whose number went to another program, is removed. Only to be called by the holder of the folder's lock.
 */
export async function reclaim(data: string, log: Logger): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const postmaster = await readPostmaster(file);
  for (const { signal, waitMs } of steps) {
    const running = await serverProcesses(data, postmaster);
    if (running.length === 0) break;
    log.info({ processes: running, signal }, 'stopping a database server that an earlier run left behind');
    // The postmaster ends its own children in order; without one they are told directly, and end at once.
    if (postmaster !== null && running.includes(postmaster)) tell(postmaster, signal);
    else for (const pid of running) tell(pid, signal === 'SIGINT' ? 'SIGQUIT' : signal);
    await gone(data, postmaster, waitMs);
  }
  const running = await serverProcesses(data, postmaster);
  if (running.length > 0) {
    throw new DatabaseUnavailable(
      'locked',
      `A database server still works in ${data} (process ${running.join(', ')}) and does not end: stop it, then start again.`,
    );
  }
  await rm(file, { force: true });
}

async function readPostmaster(file: string): Promise<number | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}

async function gone(data: string, postmaster: number | null, waitMs: number): Promise<void> {
  const until = Date.now() + waitMs;
  while (Date.now() < until && (await serverProcesses(data, postmaster)).length > 0) await pause(lookEveryMs);
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between, or belongs to somebody else: the caller looks again.
  }
}
