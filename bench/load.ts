/** Load on a local HTTP server from a process of its own, as a client would be. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const run = promisify(execFile);
const autocannon = createRequire(import.meta.url).resolve('autocannon');

export interface Load {
  url: string;
  headers: Record<string, string>;
  connections: number;
  seconds: number;
}
export interface Measured {
  /** Successful answers per second. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** Rejects when an answer is not 2xx: a fast error is no result. */
export const measure = async (load: Load): Promise<Measured> => {
  const headers = Object.entries(load.headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const options = ['-j', '-n', '-c', String(load.connections), '-d', String(load.seconds), ...headers];
  const { stdout } = await run(process.execPath, [autocannon, ...options, load.url], { maxBuffer: 10_000_000 });
  const result = readResult(JSON.parse(stdout));
  if (result.bad > 0) throw new Error(`${result.bad} answers of ${load.url} were errors`);
  return { rate: result.good / result.seconds, p50: result.p50, p99: result.p99 };
};

const readResult = (found: unknown): { good: number; bad: number; seconds: number; p50: number; p99: number } => {
  const number = (...path: string[]): number => {
    let at: unknown = found;
    for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
    return typeof at === 'number' ? at : 0;
  };
  return {
    good: number('2xx'),
    bad: number('non2xx') + number('errors') + number('timeouts'),
    seconds: number('duration'),
    p50: number('latency', 'p50'),
    p99: number('latency', 'p99'),
  };
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
