import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Logger } from 'pino';
import { DatabaseUnavailable } from '../errors.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

export interface ServerOptions {
  data: string;
  binaries: Binaries;
  account: Account;
  /** Tried first; 0 for any. */
  port: number;
  /** Fail where that port is taken instead of choosing another: for a restart under pools that know the port. */
  fixedPort: boolean;
  /** All but the port. */
  settings: Record<string, string>;
  log: Logger;
}

export interface RunningServer {
  port: number;
  pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

const portAttempts = 5;
/** A fast shutdown writes a checkpoint; past this it is cut short, the next start then recovers from the log. */
const stopPatienceMs = 8_000;

/** Starts the server on the wanted port, or on another one where that is taken, and resolves when it accepts connections. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  let wanted = options.port;
  for (let attempt = 1; ; attempt++) {
    const port = options.fixedPort ? wanted : await freePort(wanted);
    if (wanted !== 0 && port !== wanted) options.log.warn({ wanted, port }, `port ${wanted} is taken, using ${port}`);
    const started = await launch(options, port);
    if (started.server) return started.server;
    if (!isPortTaken(started.output) || options.fixedPort || attempt === portAttempts) {
      throw failed(options.data, started.output);
    }
    wanted = 0;
  }
}

async function launch(options: ServerOptions, port: number): Promise<{ server: RunningServer | null; output: string }> {
  const settings = { ...options.settings, port: String(port) };
  const child = spawn(
    options.binaries.postgres,
    ['-D', options.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // Detached: Ctrl-C in the terminal reaches us alone, and we stop the server after the last request.
    { ...options.account, cwd: '/', env: { TZ: 'UTC' }, stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const ended = new Promise<void>((resolve) => {
    child.on('error', () => resolve());
    child.on('close', () => resolve());
  });
  const output = await untilReady(child, options.log);
  if (!output.ready) return { server: null, output: output.text };
  const guard = guardAgainstOrphan(child);
  return { server: { port, pid: child.pid ?? 0, ended, stop: () => stop(child, guard, ended) }, output: output.text };
}

/** Reads the server's log: lines go to ours, "ready to accept connections" ends the waiting, and so does the end of the process. */
function untilReady(child: ChildProcess, log: Logger): Promise<{ ready: boolean; text: string }> {
  const lines: string[] = [];
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ ready: false, text: error.message }));
    child.on('close', () => resolve({ ready: false, text: lines.join('\n') }));
    if (!child.stderr) return;
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (lines.length < 200) lines.push(line);
      // FATAL ends one session (a wrong password, a client that went away), PANIC the server.
      if (line.startsWith('PANIC:')) log.error({ postgres: line }, 'database server');
      else if (line.startsWith('FATAL:')) log.warn({ postgres: line }, 'database server');
      else log.debug({ postgres: line }, 'database server');
      if (line.includes('database system is ready to accept connections')) resolve({ ready: true, text: '' });
    });
  });
}

/**
 * A tiny shell that waits for the end of a pipe we hold: when we are killed the pipe closes, and it stops the server.
 * Should it be killed as well, the next start reclaims the folder.
 */
function guardAgainstOrphan(server: ChildProcess): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read -r line; kill -INT "$1"', 'sh', String(server.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  guard.on('error', () => undefined);
  guard.stdin?.on('error', () => undefined);
  guard.unref();
  if (guard.stdin && 'unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
  return guard;
}

async function stop(child: ChildProcess, guard: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), stopPatienceMs);
  await ended;
  clearTimeout(timer);
  guard.kill('SIGKILL');
}

/** The wanted port where it is free, otherwise any free one. */
async function freePort(wanted: number): Promise<number> {
  return (await tryPort(wanted)) ?? (await tryPort(0)) ?? wanted;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      const found = typeof address === 'object' && address ? address.port : null;
      probe.close(() => resolve(found));
    });
  });
}

function isPortTaken(output: string): boolean {
  return /could not bind|Address already in use|could not create any TCP\/IP sockets/.test(output);
}

function failed(data: string, output: string): DatabaseUnavailable {
  const lines = output.split('\n').filter((line) => line !== '');
  const words = lines.findLast((line) => /^(FATAL|PANIC):/.test(line)) ?? (lines.join(' ') || 'no message');
  return new DatabaseUnavailable(
    'start',
    `The database in ${data} does not start: ${words.replace(/^\w+:\s+/, '').replace(/\.$/, '')}.`,
    { cause: output },
  );
}
