import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { say } from './say.mjs';

/** A file just made may not have its content yet. */
const writingMs = 2_000;
const lookEveryMs = 200;

/**
 * Runs work while no other start in the same checkout runs work of the same name; waits for one that does. The mark lies outside the
 * checkout, since installing removes node_modules. One left by a killed process is taken over.
 *
 * @template T
 * @param {string} root
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function oneAtATime(root, name, work) {
  const id = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const file = join(tmpdir(), `connectgain-${name}-${id}`);
  let told = false;
  while (!take(file)) {
    if (isAbandoned(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) say(`another start is busy with ${name}, waiting for it (${file})`);
    told = true;
    await pause(lookEveryMs);
  }
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    if (!pid) return Date.now() - statSync(file).mtimeMs > writingMs;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // ESRCH: that process is gone. EPERM: it lives and belongs to somebody else.
    return error.code === 'ESRCH';
  }
}
