import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  end,
  folderWithDatabase,
  holdDatabase,
  postmasterOf,
  query,
  removePrepared,
  temporaryFolder,
} from './heldDatabase.ts';

afterAll(removePrepared);

describe('the embedded database', { timeout: 60_000 }, () => {
  it('is made on the first start and keeps data and address over a clean restart', async () => {
    const folder = await temporaryFolder();
    const first = await holdDatabase(folder);
    expect(first.version).toBe(18);
    await query(first.url, 'create table kept as select 1 as n');
    const started = performance.now();
    await end(first.child, 'SIGTERM');
    expect(performance.now() - started).toBeLessThan(6_000);
    expect(existsSync(join(folder, 'postgres/data/postmaster.pid'))).toBe(false);
    expect(existsSync(join(folder, 'postgres/lock'))).toBe(false);

    const second = await holdDatabase(folder);
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('is UTF-8, knows letters of every script, and listens on loopback with passwords only', async () => {
    const folder = await temporaryFolder();
    const { url } = await holdDatabase(folder);
    expect(
      await query(
        url,
        "select current_setting('server_encoding') as encoding, lower('ÄÉЖ') as lower, 'é' ~ '\\w' as word",
      ),
    ).toEqual([{ encoding: 'UTF8', lower: 'äéж', word: true }]);
    expect(await query(url, "select current_setting('listen_addresses') as addresses")).toEqual([
      { addresses: '127.0.0.1' },
    ]);
    const wrong = new URL(url);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('belongs to a login that is no superuser', async () => {
    const { url } = await holdDatabase(await folderWithDatabase());
    expect(await query(url, 'select rolsuper, rolcreaterole from pg_roles where rolname = current_user')).toEqual([
      { rolsuper: false, rolcreaterole: true },
    ]);
  });

  it('stops by itself when its program is killed, and the next start finds every committed row', async () => {
    const folder = await folderWithDatabase();
    const first = await holdDatabase(folder, { env: { DURABLE: '1' } });
    await query(first.url, 'insert into kept values (2)');
    await end(first.child, 'SIGKILL');
    const second = await holdDatabase(folder);
    expect(await query(second.url, 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
    expect(second.url).toBe(first.url);
  });

  it('recovers when server and program are killed together', async () => {
    const folder = await folderWithDatabase();
    const first = await holdDatabase(folder, { env: { DURABLE: '1' } });
    await query(first.url, 'insert into kept values (2)');
    const postmaster = await postmasterOf(folder);
    process.kill(first.child.pid ?? 0, 'SIGSTOP');
    process.kill(postmaster, 'SIGKILL');
    await end(first.child, 'SIGKILL');
    const second = await holdDatabase(folder);
    expect(await query(second.url, 'select n from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('takes the folder back from a server that outlived its program', async () => {
    const folder = await folderWithDatabase();
    const first = await holdDatabase(folder);
    const orphan = await postmasterOf(folder);
    // The guard that would stop it is held still, as after a kill of the whole process group without the server.
    await killGuard(first.child.pid ?? 0);
    await end(first.child, 'SIGKILL');
    expect(() => process.kill(orphan, 0)).not.toThrow();
    const second = await holdDatabase(folder);
    expect(second.said.join()).toContain('left behind');
    expect(await postmasterOf(folder)).not.toBe(orphan);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('is started again, on the same port, when only the server is killed', async () => {
    const folder = await folderWithDatabase();
    const { url } = await holdDatabase(folder, { env: { DURABLE: '1' } });
    process.kill(await postmasterOf(folder), 'SIGKILL');
    await expect
      .poll(() => query(url, 'select n from kept').catch(() => null), { timeout: 10_000 })
      .toEqual([{ n: 1 }]);
  });

  it('starts over a postmaster.pid whose number now belongs to another program', async () => {
    const folder = await folderWithDatabase();
    const first = await holdDatabase(folder);
    const file = join(folder, 'postgres/data/postmaster.pid');
    const text = await readFile(file, 'utf8');
    await end(first.child, 'SIGTERM');
    await writeFile(file, text.replace(/^\d+/, String(process.pid)));
    const second = await holdDatabase(folder);
    expect(second.url).toBe(first.url);
  });

  it('starts over a lock whose process number now belongs to another program', async () => {
    const folder = await folderWithDatabase();
    const first = await holdDatabase(folder);
    const lock = await readFile(join(folder, 'postgres/lock'), 'utf8');
    await end(first.child, 'SIGKILL');
    await writeFile(join(folder, 'postgres/lock'), JSON.stringify({ ...JSON.parse(lock), pid: process.pid }));
    expect((await holdDatabase(folder)).problem).toBe('');
  });

  it('refuses a second program on the same folder in one sentence, and lets the first be', async () => {
    const folder = await folderWithDatabase();
    const first = await holdDatabase(folder);
    const second = await holdDatabase(folder);
    expect(second.problem).toBe('locked');
    expect(second.message).toContain(`already in use by process ${first.child.pid}`);
    expect(await query(first.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('lets exactly one of two first starts at the same time make the database', async () => {
    const folder = await temporaryFolder();
    const both = await Promise.all([holdDatabase(folder), holdDatabase(folder)]);
    expect(both.map((held) => held.problem).sort()).toEqual(['', 'locked']);
  });

  it('takes another port where the usual one is taken', async () => {
    const folder = await folderWithDatabase();
    const blocker = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void blocker.close());
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const held = await holdDatabase(folder, { port });
    expect(held.problem).toBe('');
    expect(new URL(held.url).port).not.toBe(String(port));
    expect(held.said.join()).toContain(`port ${port} is taken`);
  });

  it('begins anew after an interrupted initdb', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'postgres/data.new/data'), { recursive: true });
    await writeFile(join(folder, 'postgres/data.new/data/PG_VERSION'), '18\n');
    const held = await holdDatabase(folder);
    expect(held.problem).toBe('');
    expect(existsSync(join(folder, 'postgres/data.new'))).toBe(false);
  });

  it('refuses a folder of another major version and says how to move on', async () => {
    const folder = await folderWithDatabase();
    const first = await holdDatabase(folder);
    await end(first.child, 'SIGTERM');
    await writeFile(join(folder, 'postgres/data/PG_VERSION'), '16\n');
    const second = await holdDatabase(folder);
    expect(second.problem).toBe('other_major_version');
    expect(second.message).toContain('pg_dump 16');
  });

  it('never touches a data folder that lost its PG_VERSION', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'postgres/data'), { recursive: true });
    await writeFile(join(folder, 'postgres/data/precious'), 'row');
    const held = await holdDatabase(folder);
    expect(held.problem).toBe('initdb');
    expect(await readFile(join(folder, 'postgres/data/precious'), 'utf8')).toBe('row');
  });

  it('sets new passwords when the file with them is lost', async () => {
    const folder = await folderWithDatabase();
    const first = await holdDatabase(folder);
    await end(first.child, 'SIGTERM');
    await rm(join(folder, 'postgres/credentials.json'));
    const second = await holdDatabase(folder);
    expect(second.url).not.toBe(first.url);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 1 }]);
  });

  it('explains a damaged data folder with the words of the server', async () => {
    const folder = await folderWithDatabase();
    const first = await holdDatabase(folder);
    await end(first.child, 'SIGTERM');
    await rm(join(folder, 'postgres/data/global/pg_control'));
    const second = await holdDatabase(folder);
    expect(second.problem).toBe('start');
    expect(second.message).toContain('could not find the database system');
  });

  it('runs from a copied data folder as a database of its own', async () => {
    const folder = await folderWithDatabase();
    const copy = await temporaryFolder();
    const first = await holdDatabase(folder);
    await end(first.child, 'SIGTERM');
    await cp(join(folder, 'postgres'), join(copy, 'postgres'), { recursive: true });
    const [again, copied] = await Promise.all([holdDatabase(folder), holdDatabase(copy)]);
    expect([again.problem, copied.problem]).toEqual(['', '']);
    expect(new URL(copied.url).port).not.toBe(new URL(again.url).port);
  });
});

/** Kills the shell that watches over the server of a program, found by its parent. */
async function killGuard(program: number): Promise<void> {
  const children = await readFile(`/proc/${program}/task/${program}/children`, 'utf8');
  for (const pid of children.trim().split(' ')) {
    if ((await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === 'sh') process.kill(Number(pid), 'SIGKILL');
  }
}
