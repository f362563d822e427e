import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../database.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('counts tests, and files that cannot be loaded and errors outside of tests as failed ones', async () => {
  const folder = await mkdtemp(join(root, 'testing/.run-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const files = {
    'vitest.config.mjs': `export default { test: { include: ['*.test.mjs'] } };`,
    'mixed.test.mjs': `
      import { expect, it } from 'vitest';
      it('passes', () => undefined);
      it('passes too', () => undefined);
      it('fails', () => expect(1).toBe(2));
      it.skip('is left out', () => undefined);`,
    'broken.test.mjs': "import './missing.mjs';",
    'unhandled.test.mjs': `
      import { it } from 'vitest';
      it('passes, but leaves something behind', () => void Promise.reject(new Error('nobody hears me')));`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const summary = join(folder, 'summary.json');
  const vitest = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter', join(root, 'testing/summaryReporter.ts')],
    { cwd: folder, env: { ...process.env, CONNECTGAIN_TEST_SUMMARY: summary }, stdio: 'ignore' },
  );
  await once(vitest, 'exit');
  expect(JSON.parse(await readFile(summary, 'utf8'))).toEqual({ passed: 3, failed: 3 });
});

it('has no network beyond this machine', async () => {
  expect(() => connect(80, '192.0.2.1')).toThrow('something connects to 192.0.2.1');
  await expect(fetch('http://example.com')).rejects.toMatchObject({
    cause: expect.objectContaining({ message: expect.stringContaining('something connects to example.com') }),
  });
});

it('gives every caller a database of its own, with all migrations', async () => {
  const databases = await Promise.all([
    createTestDatabase(),
    createTestDatabase(),
    createTestDatabase({ sets: 'none' }),
  ]);
  expect(new Set(databases.map((database) => database.url)).size).toBe(3);
  const sets = databases.map(async (database) => {
    const found = await database.owner.query("select to_regclass('migrations.applied') is not null as migrated");
    return found.rows[0].migrated;
  });
  expect(await Promise.all(sets)).toEqual([true, true, false]);
  await Promise.all(databases.map((database) => database.destroy()));
});
