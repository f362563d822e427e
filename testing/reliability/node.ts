import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { testSecret } from '../testServer.ts';

/** The product in a process of its own, which may be killed and started again at the same address. */
export interface ProductNode {
  url: string;
  /** What it wrote so far, all of its lives together. */
  lines: string[];
  /** The process of this life. */
  pid(): number | undefined;
  /** Resolves at once while it runs, else when it has been started again. */
  online(): Promise<void>;
  /** Starts it and resolves when it answers. */
  start(): Promise<void>;
  /** Ends this life and tells how it ended. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** `kill -9`, and started again. */
  crash(): Promise<void>;
  /** Ends it for good and removes its folder. */
  close(): Promise<void>;
}

export interface NodeOptions {
  databaseUrl: string;
  env?: Record<string, string>;
}

export const secretsKey = '5'.repeat(64);

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('./program.ts', import.meta.url));

/** Starts a node over a database; nodes over one database are a cluster, as with one `JWT_SECRET` and `SECRETS_KEY`. */
export async function startNode(o: NodeOptions): Promise<ProductNode> {
  const dataDir = await mkdtemp(join(tmpdir(), 'connectgain-node-'));
  const port = await freePort();
  const lines: string[] = [];
  let child: ChildProcess | undefined;
  let up = Promise.withResolvers<void>();
  let isUp = false;
  const env = {
    ...process.env,
    PORT: String(port),
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    DATABASE_URL: o.databaseUrl,
    JWT_SECRET: testSecret,
    SECRETS_KEY: secretsKey,
    DEMO: '0',
    LOG_LEVEL: 'info',
    RATE_LIMIT_FUNCTIONS: '0',
    RATE_LIMIT_REST: '0',
    RATE_LIMIT_KEY: '0',
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile'),
    ...o.env,
  };

  const node: ProductNode = {
    url: `http://127.0.0.1:${port}`,
    lines,
    pid: () => child?.pid,
    online: () => up.promise,
    async start() {
      const born = spawn(process.execPath, [program], { cwd: root, env, stdio: ['pipe', 'pipe', 'pipe'] });
      child = born;
      createInterface({ input: born.stderr }).on('line', (line) => lines.push(line));
      const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
      createInterface({ input: born.stdout }).on('line', (line) => {
        lines.push(line);
        if (line.includes('ConnectGain is ready')) resolve();
      });
      born.once('exit', () => {
        // Killed by us while it started: whoever did that starts the next.
        if (child !== born) resolve();
        else reject(new Error(`The node ended while it started:\n${lines.slice(-20).join('\n')}`));
      });
      await ready;
      if (child !== born) return;
      isUp = true;
      up.resolve();
    },
    async end(signal) {
      const ending = child;
      child = undefined;
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return { code: null, signal: null };
      if (isUp) up = Promise.withResolvers<void>();
      isUp = false;
      const gone = once(ending, 'exit');
      ending.kill(signal);
      await gone;
      return { code: ending.exitCode, signal: ending.signalCode };
    },
    async crash() {
      await node.end('SIGKILL');
      await node.start();
    },
    async close() {
      await node.end('SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  await node.start();
  return node;
}

/** A port that must stay the same over several lives of a process, and so cannot be 0. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
