import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What tells a process from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** When it was started, in whatever unit the system counts; null where there is no such process. */
  started: string;
  /** The boot and process namespace that the number belongs to: numbers of another one say nothing here. */
  machine: string;
}

/** Who we are. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return { pid: process.pid, started: (await startOf(process.pid)) ?? '', machine: await machineIdentity() };
}

/** Whether exactly this process still runs; only to be asked about our own machine. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await startOf(identity.pid)) === identity.started;
}

/** When the process with this number was started, or null where none runs (a zombie does not run). */
async function startOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    // proc(5): the second field is the name in brackets and may hold spaces; state is the third, start time the 22nd.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    return !fields || fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  }
  const listed = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => null);
  return listed?.stdout.trim() || null;
}

async function machineIdentity(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${hostname()} ${boot.trim()} ${namespace}`;
}

/**
 * Every server process that works in a data folder, the postmaster among them (each has it as its working directory).
 * On macOS only the postmaster named in postmaster.pid can be told.
 */
export async function serverProcesses(dataFolder: string, postmaster: number | null): Promise<number[]> {
  if (process.platform === 'linux') {
    const numbers = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
    const found = await Promise.all(numbers.map((pid) => worksIn(pid, dataFolder)));
    return numbers.filter((_, index) => found[index]);
  }
  if (postmaster === null) return [];
  const listed = await run('ps', ['-o', 'command=', '-p', String(postmaster)]).catch(() => null);
  return listed?.stdout.includes('postgres') && listed.stdout.includes(dataFolder) ? [postmaster] : [];
}

async function worksIn(pid: number, dataFolder: string): Promise<boolean> {
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  if (folder !== dataFolder) return false;
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return name.trim() === 'postgres';
}
