import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeCheckout, otherLock } from './checkout.ts';

const installs = (calls: string[]) =>
  calls.filter((call) => /^(ci|install) --no-audit/.test(call)).map((call) => call.split(' ')[0]);

const marksIn = async (root: string) =>
  (await readdir(join(root, 'tmp'))).filter((entry) => entry.includes('installing'));

describe('installing', () => {
  it('happens when node_modules is missing and not again', async () => {
    const checkout = await makeCheckout();
    expect((await checkout.run('check')).code).toBe(0);
    expect((await checkout.run('check')).code).toBe(0);
    expect(installs(await checkout.npmCalls())).toEqual(['ci']);
  });

  it('happens again when the lockfile asks for something else', async () => {
    const checkout = await makeCheckout();
    await checkout.run('check');
    await checkout.write('package-lock.json', otherLock);
    await checkout.run('check');
    expect(installs(await checkout.npmCalls())).toEqual(['ci', 'ci']);
  });

  it('leaves alone what npm installed by itself in the versions of the lockfile', async () => {
    const checkout = await makeCheckout();
    await checkout.run('check');
    await rm(join(checkout.root, 'node_modules/.connectgain-lock'));
    await checkout.write('package-lock.json', `${await checkout.read('package-lock.json')}\n`);
    await checkout.run('check');
    expect(installs(await checkout.npmCalls())).toEqual(['ci']);
  });

  it('falls back to npm install, and says so when that fails too', async () => {
    const checkout = await makeCheckout();
    await checkout.write('ci-fails', '');
    await checkout.write('install-fails', '');
    const refused = await checkout.run('check');
    expect(refused.code).toBe(1);
    expect(refused.lastLine).toContain('The dependencies cannot be installed');
    await rm(join(checkout.root, 'install-fails'));
    expect((await checkout.run('check')).code).toBe(0);
    expect(installs(await checkout.npmCalls())).toEqual(['ci', 'install', 'ci', 'install']);
  });

  it('is done by one of two starts at the same time', async () => {
    const checkout = await makeCheckout();
    const runs = await Promise.all([checkout.run('check'), checkout.run('check')]);
    expect(runs.map((run) => run.code)).toEqual([0, 0]);
    expect(installs(await checkout.npmCalls())).toEqual(['ci']);
  });
});

describe('a start that was killed while installing', () => {
  it('is followed by one installation, however many starts find its mark', async () => {
    const checkout = await makeCheckout();
    await checkout.write('ci-is-killed', '');
    expect((await checkout.run('check')).code).toBe(null);
    expect(await marksIn(checkout.root)).toHaveLength(1);
    await rm(join(checkout.root, 'ci-is-killed'));
    const runs = await Promise.all(Array.from({ length: 6 }, () => checkout.run('check')));
    expect(runs.map((run) => run.code)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(installs(await checkout.npmCalls())).toEqual(['ci', 'ci']);
    expect(await marksIn(checkout.root)).toEqual([]);
  });
});

describe('the pinned Node', () => {
  it('is fetched where the install script of its package did not run', async () => {
    const checkout = await makeCheckout();
    await checkout.write('package.json', '{"type":"module","dependencies":{"node":"99.0.0"}}');
    const run = await checkout.run('check');
    expect(run.output).toContain('fetching Node 99.0.0');
    expect(run.code).toBe(0);
    expect((await checkout.run('check')).output).not.toContain('fetching');
  });
});

describe('the test command', () => {
  it('ends with the counts, the checks and the web build among them', async () => {
    const checkout = await makeCheckout();
    const run = await checkout.run('test');
    expect(run.lastLine).toBe('10 passed, 0 failed');
    expect(run.code).toBe(0);
  });

  it('counts each failed check, test and build, and fails', async () => {
    const checkout = await makeCheckout();
    await checkout.write('biome-fails', '');
    await checkout.write('types-fail', '');
    await checkout.write('build-fails', '');
    await checkout.write('counts.json', '{"passed":5,"failed":2}');
    const run = await checkout.run('test');
    expect(run.lastLine).toBe('5 passed, 5 failed');
    expect(run.code).toBe(1);
  });

  it('counts a run that ends without a result as a failure', async () => {
    const checkout = await makeCheckout();
    await checkout.write('counts.json', '');
    const run = await checkout.run('test');
    expect(run.lastLine).toBe('3 passed, 1 failed');
    expect(run.code).toBe(1);
  });

  it('runs only the tests that are named', async () => {
    const checkout = await makeCheckout();
    expect((await checkout.run('test', 'platform/rest')).lastLine).toBe('7 passed, 0 failed');
  });
});

describe('the web build', () => {
  it('is made once per state of the sources', async () => {
    const checkout = await makeCheckout();
    const builds = async () => (await checkout.npmCalls()).filter((call) => call.includes('@connectgain/web')).length;
    await checkout.run('test');
    await checkout.run('test');
    expect(await builds()).toBe(1);
    await checkout.write('apps/web/src/main.tsx', 'two');
    await checkout.run('test');
    expect(await builds()).toBe(2);
    await rm(join(checkout.root, 'channels/web-chat/widget/dist'), { recursive: true });
    await checkout.run('test');
    expect(await builds()).toBe(3);
  });
});

describe('commands', () => {
  it('explain themselves when unknown or missing from the checkout', async () => {
    const checkout = await makeCheckout();
    expect(await checkout.run('nothing')).toMatchObject({
      code: 1,
      lastLine: expect.stringContaining('Usage: node scripts/run.mjs start|'),
    });
    expect(await checkout.run('bench')).toMatchObject({
      code: 1,
      lastLine: 'bench/run.ts is missing from this checkout.',
    });
  });

  it('hand SIGTERM to their program and end with its code', async () => {
    const checkout = await makeCheckout();
    await checkout.write(
      'bench/run.ts',
      "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('ready');",
    );
    const child = checkout.start('bench');
    if (!child.stdout) throw new Error('no output');
    for await (const chunk of child.stdout) if (String(chunk).includes('ready')) break;
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(5);
  });
});
