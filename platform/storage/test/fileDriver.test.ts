import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileDriver } from '../src/index.ts';
import { describeDriver } from './driverContract.ts';

for (const fsync of [true, false]) {
  describeDriver(fsync ? 'file' : 'file (without fsync)', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'connectgain-driver-'));
    return {
      driver: createFileDriver(join(folder, 'not', 'there', 'yet'), { fsync }),
      close: () => rm(folder, { recursive: true, force: true }),
    };
  });
}

describe('the folder of the file driver', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'connectgain-driver-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('fans out by the first four characters and is closed to other accounts', async () => {
    const driver = createFileDriver(folder);
    await driver.write('abcdef01-file', Readable.from([Buffer.from('x')]));
    expect(await readdir(join(folder, 'ab', 'cd'))).toEqual(['abcdef01-file']);
    const { mode } = await stat(join(folder, 'ab', 'cd', 'abcdef01-file'));
    expect(mode & 0o007).toBe(0);
  });

  it('loses what a killed process had half written when the key is removed', async () => {
    const driver = createFileDriver(folder);
    const key = `abcd${randomUUID()}`;
    await writeFile(join(folder, 'ab', 'cd', `${key}.part`), 'half');
    await driver.remove([key]);
    expect(await readdir(join(folder, 'ab', 'cd'))).toEqual(['abcdef01-file']);
  });
});
