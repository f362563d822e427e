import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { say } from './say.mjs';

const lookEveryMs = 200;
const touchEveryMs = 1_000;
/** A mark that nobody touched for this long while we looked has no owner, whoever has its process number by now. */
const untouchedMs = 30_000;

/**
 * Runs work while no other start in the same checkout runs work of the same name; waits for one that does.
 *
 * Every start has a mark of its own, with its process number in the name. It makes the mark first, then looks for others, and steps back
 * when there is one that lives: of two starts at least the second to look sees the other. Since nobody takes over anybody's mark, any
 * number of starts may clear away what a killed one left. The marks lie outside the checkout, because installing removes node_modules.
 *
 * @template T
 * @param {string} root
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function oneAtATime(root, name, work) {
  const folder = tmpdir();
  const checkout = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const prefix = `connectgain-${name}-${checkout}.`;
  const mine = join(folder, `${prefix}${process.pid}.${randomBytes(4).toString('hex')}`);
  const isAlive = watchMarks();
  const others = () =>
    readdirSync(folder)
      .filter((entry) => entry.startsWith(prefix) && join(folder, entry) !== mine)
      .map((entry) => join(folder, entry));
  const release = () => rmSync(mine, { force: true });
  let told = false;
  while (true) {
    writeFileSync(mine, '');
    const alive = others().find(isAlive);
    if (alive === undefined) break;
    release();
    if (!told) say(`another start is busy with ${name}, waiting for it (${alive})`);
    told = true;
    // Not all after the same time: starts that wait must not keep seeing each other's marks.
    await pause(lookEveryMs * (0.5 + Math.random()));
  }
  process.once('exit', release);
  const touch = setInterval(() => writeFileSync(mine, String(Date.now())), touchEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    process.off('exit', release);
    release();
  }
}

/** Whether the owner of a mark lives. What has none is removed. Times are by our own clock, which stands still while a laptop sleeps. */
function watchMarks() {
  const seen = new Map();
  return (mark) => {
    const touched = statSync(mark, { throwIfNoEntry: false })?.mtimeMs;
    if (touched === undefined) return false;
    const now = performance.now();
    const before = seen.get(mark);
    if (before?.touched !== touched) seen.set(mark, { touched, since: now });
    const untouched = before?.touched === touched && now - before.since > untouchedMs;
    if (!untouched && runs(Number(mark.split('.').at(-2)))) return true;
    clear(mark);
    return false;
  };
}

function clear(mark) {
  try {
    rmSync(mark, { force: true });
  } catch {
    // Left by another user: it stays where it is and counts for nothing.
  }
}

function runs(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // ESRCH: that process is gone. EPERM: it lives and belongs to somebody else.
    return error.code !== 'ESRCH';
  }
}
