import { chmod, cp, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canEnter } from '../src/embedded/account.ts';
import { copyBinaries, installedBinaries } from '../src/embedded/binaries.ts';
import { usableBinaries } from '../src/embedded/usableBinaries.ts';
import { end, holdDatabase, query, removeAtEnd, temporaryFolder } from './heldDatabase.ts';

const root = process.getuid?.() === 0;
/** An account without rights and, most likely, without a name. */
const stranger = { uid: 54321, gid: 54321 };

/** Whether another user can run this checkout at all. */
const openToAll = root && (await canEnter({ uid: 65534, gid: 65534 }, import.meta.dirname));

describe('programs of the server', () => {
  it('that do not run even as a copy are refused with what the system said', async () => {
    const folder = await temporaryFolder();
    const installed = await installedBinaries();
    const broken = { ...installed, root: join(folder, 'broken'), postgres: join(folder, 'broken/bin/postgres') };
    broken.initdb = join(folder, 'broken/bin/initdb');
    await cp(installed.root, broken.root, { recursive: true, verbatimSymlinks: true });
    await rm(join(broken.root, 'lib'), { recursive: true });
    await expect(usableBinaries(broken, null, async () => join(folder, 'copy'))).rejects.toMatchObject({
      problem: 'binaries',
    });
  });

  it('that lost links and executable bits are completed in place', async () => {
    const folder = await temporaryFolder();
    const copy = await copyBinaries(await installedBinaries(), folder);
    await rm(join(copy.root, 'lib/libpq.so.5'), { force: true });
    await chmod(copy.postgres, 0o644);
    const usable = await usableBinaries(copy, null, async () => {
      throw new Error('must not be copied');
    });
    expect(usable).toEqual(copy);
    expect((await stat(copy.postgres)).mode & 0o111).toBe(0o111);
  });
});

describe.runIf(root)('started as root', { timeout: 60_000 }, () => {
  it('runs the server as an account of its own that owns nothing else', async () => {
    const folder = await temporaryFolder();
    const held = await holdDatabase(folder);
    const data = await stat(join(folder, 'postgres/data'));
    expect(data.uid).not.toBe(0);
    const passwd = await readFile('/etc/passwd', 'utf8');
    expect(passwd.split('\n').some((line) => line.split(':')[2] === String(data.uid))).toBe(false);
    expect((await stat(join(folder, 'postgres/credentials.json'))).mode & 0o777).toBe(0o600);
    expect(await query(held.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('keeps the data where that account can reach them when the folder is closed to it, and finds them again', async () => {
    const folder = await temporaryFolder(0o700);
    const first = await holdDatabase(folder);
    const location = JSON.parse(await readFile(join(folder, 'postgres/location.json'), 'utf8'));
    removeAtEnd(dirname(location.data));
    expect(location.data.startsWith(folder)).toBe(false);
    expect(first.said.join()).toContain(`the database lives in ${location.data}`);
    await query(first.url, 'create table kept as select 1 as n');
    await end(first.child, 'SIGTERM');
    const second = await holdDatabase(folder);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('moves the data out of a folder that was closed after the first start', async () => {
    const folder = await temporaryFolder();
    const first = await holdDatabase(folder);
    await query(first.url, 'create table kept as select 1 as n');
    await end(first.child, 'SIGTERM');
    await chmod(folder, 0o700);
    const second = await holdDatabase(folder);
    const location = JSON.parse(await readFile(join(folder, 'postgres/location.json'), 'utf8'));
    removeAtEnd(dirname(location.data));
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('refuses to share the data with a copy of the folder', async () => {
    const folder = await temporaryFolder(0o700);
    const copy = await temporaryFolder(0o700);
    const first = await holdDatabase(folder);
    const location = JSON.parse(await readFile(join(folder, 'postgres/location.json'), 'utf8'));
    removeAtEnd(dirname(location.data));
    await end(first.child, 'SIGTERM');
    await cp(join(folder, 'postgres'), join(copy, 'postgres'), { recursive: true });
    const copied = await holdDatabase(copy);
    expect(copied.problem).toBe('location');
    expect(copied.message).toContain('seems to be a copy');
  });

  it('copies the programs out of a checkout that the account cannot enter', async () => {
    const closed = await temporaryFolder(0o700);
    const open = await temporaryFolder(0o755);
    const inside = await copyBinaries(await installedBinaries(), closed);
    const usable = await usableBinaries(inside, stranger, async () => open);
    expect(usable.root.startsWith(open)).toBe(true);
  });

  it.runIf(openToAll)('starts as a normal user too', async () => {
    const folder = await temporaryFolder(0o777);
    const held = await holdDatabase(folder, { uid: 65534 });
    expect(held.problem).toBe('');
    expect((await stat(join(folder, 'postgres/data'))).uid).toBe(65534);
    await end(held.child, 'SIGTERM');
    const again = await holdDatabase(folder);
    expect(again.url).toBe(held.url);
  });
});
