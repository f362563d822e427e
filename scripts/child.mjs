import { spawn } from 'node:child_process';

/**
 * Runs a program to its end with our output, and returns its exit code (128 + signal number as in a shell, 127 when it does not exist).
 * Ctrl-C reaches the whole terminal group, so that we only wait for the program to end in order; SIGTERM is handed on.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, input?: 'inherit' | 'ignore'}} [options]
 * @returns {Promise<number>}
 */
export function runChild(command, args, { cwd, env, input = 'ignore' } = {}) {
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: [input, 'inherit', 'inherit'] });
  const wait = () => undefined;
  const handOn = (signal) => child.kill(signal);
  process.on('SIGINT', wait);
  process.on('SIGTERM', handOn);
  process.on('SIGHUP', handOn);
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signals[signal ?? ''] ?? 0)));
  }).finally(() => {
    process.off('SIGINT', wait);
    process.off('SIGTERM', handOn);
    process.off('SIGHUP', handOn);
  });
}

const signals = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 };

/**
 * Runs a program whose output only matters when it fails: then it is printed. Returns the exit code.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv}} [options]
 * @returns {Promise<number>}
 */
export function runQuietly(command, args, { cwd, env } = {}) {
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on('close', (code) => {
      if (code !== 0) process.stderr.write(Buffer.concat(chunks));
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs a program and returns what it printed, or null where it fails or does not exist.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<string | null>}
 */
export function outputOf(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code === 0 ? output.trim() : null));
  });
}
