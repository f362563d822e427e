import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import pg from 'pg';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate, type Principal, pipeline, runAs, transaction, transactionAs } from '../src/index.ts';

let database: TestDatabase;

const ada: Principal = { role: 'authenticated', claims: { sub: 'ada', organization_id: 'one' } };
const anon: Principal = { role: 'anon', claims: {} };

/** What the only pooled connection is left with: nothing of any principal. */
const untouched = {
  role: 'authenticator',
  session: 'authenticator',
  claims: '',
  extra: '',
  timeout: '0',
  readOnly: 'off',
};
const rest = {
  text: `select current_user as role, session_user as session,
    coalesce(current_setting('request.jwt.claims', true), '') as claims,
    coalesce(current_setting('request.extra', true), '') as extra,
    current_setting('statement_timeout') as timeout, current_setting('transaction_read_only') as "readOnly"`,
};
const whatIsLeft = async () => {
  const client = await database.requests.connect();
  try {
    const alone = (await client.query(rest.text)).rows[0];
    const piped = (await pipeline(client, [rest]))[0]?.rows[0];
    expect(piped).toEqual(alone);
    return alone;
  } finally {
    client.release();
  }
};

beforeAll(async () => {
  // Two connections together: one for the owner, one for requests, so that every request uses the same one.
  database = await createTestDatabase({ sets: 'platform', maxConnections: 2 });
  await database.owner.query(`
    create table note (id int primary key, sub text not null);
    alter table note enable row level security;
    create policy own on note for all to authenticated
      using (sub = current_setting('request.jwt.claims', true)::json->>'sub')
      with check (sub = current_setting('request.jwt.claims', true)::json->>'sub');
    grant all on note to authenticated, service_role;
    insert into note values (1, 'ada'), (2, 'bob')`);
  // Lets service_role through on a server that does not give it BYPASSRLS.
  await migrate(database, [], pino({ level: 'silent' }));
});
afterAll(() => database.destroy());

describe('runAs', () => {
  it('runs as the role with claims and settings, and leaves nothing behind', async () => {
    const [result] = await runAs(database.requests, ada, [rest], {
      settings: { 'request.extra': 'x' },
      statementTimeoutMs: 1_000,
      readOnly: true,
    });
    expect(result?.rows).toEqual([
      {
        role: 'authenticated',
        session: 'authenticator',
        claims: JSON.stringify(ada.claims),
        extra: 'x',
        timeout: '1s',
        readOnly: 'on',
      },
    ]);
    expect(await whatIsLeft()).toEqual(untouched);
  });

  it('lets row level security see the claims, also through prepared statements shared by two people', async () => {
    const statement = { name: 'notes', text: 'select id from note order by id' };
    for (let i = 0; i < 8; i++) {
      const [mine] = await runAs(database.requests, ada, [statement]);
      const [theirs] = await runAs(database.requests, { role: 'authenticated', claims: { sub: 'bob' } }, [statement]);
      expect([mine?.rows, theirs?.rows]).toEqual([[{ id: 1 }], [{ id: 2 }]]);
    }
    const [all] = await runAs(database.requests, { role: 'service_role', claims: {} }, [statement]);
    expect(all?.rows).toEqual([{ id: 1 }, { id: 2 }]);
    await expect(runAs(database.requests, anon, [statement])).rejects.toMatchObject({ code: '42501' });
  });

  it('leaves nothing behind after an error, and writes nothing', async () => {
    const failing = runAs(
      database.requests,
      ada,
      [{ text: "insert into note values (3, 'ada')" }, { text: "insert into note values (4, 'bob')" }],
      { settings: { 'request.extra': 'x' }, statementTimeoutMs: 1_000, readOnly: false },
    );
    await expect(failing).rejects.toMatchObject({ code: '42501' });
    expect(await whatIsLeft()).toEqual(untouched);
    expect((await database.owner.query('select count(*)::int as n from note')).rows).toEqual([{ n: 2 }]);
  });

  it('leaves nothing behind after its first statement fails', async () => {
    await expect(runAs(database.requests, { role: 'no_such_role', claims: {} }, [rest])).rejects.toThrow(
      'no_such_role',
    );
    expect(await whatIsLeft()).toEqual(untouched);
  });

  it('leaves nothing behind when a statement ends the transaction or opens one', async () => {
    for (const text of ['commit', 'rollback', 'begin', 'set role service_role', "set request.extra = 'x'"]) {
      await runAs(database.requests, ada, [{ text }]).catch(() => undefined);
      expect(await whatIsLeft()).toEqual(untouched);
      await runAs(database.requests, ada, [{ text }, { text: 'commit' }, { text: 'select 1/0' }]).catch(
        () => undefined,
      );
      expect(await whatIsLeft()).toEqual(untouched);
    }
  });

  it('refuses to run as nobody, as the login itself and as the owner', async () => {
    for (const role of ['', 'none', 'NONE', 'with\0nul']) {
      await expect(runAs(database.requests, { role, claims: {} }, [rest])).rejects.toThrow('not a role');
    }
    const owner = (await database.owner.query('select current_user as name')).rows[0].name;
    await expect(runAs(database.requests, { role: owner, claims: {} }, [rest])).rejects.toMatchObject({
      code: '42501',
    });
    await expect(runAs(database.requests, { role: 'postgres', claims: {} }, [rest])).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('takes claims with any characters', async () => {
    const claims = { sub: `o'hara "\\ 😀 سلام`, nested: { a: [1, null] } };
    const [result] = await runAs(database.requests, { role: 'anon', claims }, [
      { text: "select current_setting('request.jwt.claims')::jsonb as claims" },
    ]);
    expect(result?.rows).toEqual([{ claims }]);
  });

  it('ends a statement that takes too long', async () => {
    const slow = runAs(database.requests, ada, [{ text: 'select pg_sleep(30)' }], { statementTimeoutMs: 50 });
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    expect(await whatIsLeft()).toEqual(untouched);
  });

  it('refuses to write when it may only read', async () => {
    const write = runAs(database.requests, ada, [{ text: "insert into note values (5, 'ada')" }], { readOnly: true });
    await expect(write).rejects.toMatchObject({ code: '25006' });
  });

  it('rejects at once when aborted, cancels the statement in the server, and the next request is clean', async () => {
    await whileLocked(async (waiting) => {
      const controller = new AbortController();
      const slow = runAs(database.requests, ada, [waitForLock], { signal: controller.signal });
      slow.catch(() => undefined);
      await expect.poll(waiting).toBe(1);
      controller.abort(new Error('client went away'));
      await expect(slow).rejects.toThrow('client went away');
      await expect.poll(waiting).toBe(0);
    });
    expect(await whatIsLeft()).toEqual(untouched);
  });

  it('does not begin when it is aborted already', async () => {
    await expect(runAs(database.requests, ada, [rest], { signal: AbortSignal.abort() })).rejects.toThrow('aborted');
    expect(await whatIsLeft()).toEqual(untouched);
  });

  it('survives the loss of its connection', async () => {
    await whileLocked(async (waiting) => {
      const [backend] = await runAs(database.requests, anon, [{ text: 'select pg_backend_pid() as pid' }]);
      const lost = runAs(database.requests, anon, [waitForLock]);
      lost.catch(() => undefined);
      await expect.poll(waiting).toBe(1);
      const other = new pg.Client(database.requests.options);
      await other.connect();
      await other.query('select pg_terminate_backend($1)', [backend?.rows[0]?.pid]);
      await other.end();
      await expect(lost).rejects.toMatchObject({ code: '57P01' });
    });
    expect(await whatIsLeft()).toEqual(untouched);
  });
});

describe('transactionAs', () => {
  it('runs several steps as the principal and commits them together', async () => {
    const seen = await transactionAs(database.requests, ada, async (client) => {
      await client.query("insert into note values (10, 'ada')");
      const result = await client.query('select count(*)::int as n from note');
      return result.rows[0].n;
    });
    expect(seen).toBe(2);
    expect(await whatIsLeft()).toEqual(untouched);
  });

  it('rolls back and leaves nothing behind when a step throws', async () => {
    const failing = transactionAs(database.requests, ada, async (client) => {
      await client.query("insert into note values (11, 'ada')");
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect((await database.owner.query('select count(*)::int as n from note where id = 11')).rows).toEqual([{ n: 0 }]);
    expect(await whatIsLeft()).toEqual(untouched);
  });

  it('rolls back and rejects when a failed statement was swallowed', async () => {
    const swallowed = transactionAs(database.requests, ada, async (client) => {
      await client.query("insert into note values (12, 'ada')");
      await client.query('select 1/0').catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow('was rolled back');
    expect((await database.owner.query('select count(*)::int as n from note where id = 12')).rows).toEqual([{ n: 0 }]);
  });
});

describe('transaction', () => {
  it('commits what the owner does, or nothing of it', async () => {
    await transaction(database.owner, (client) => client.query("insert into note values (20, 'x')"));
    await expect(
      transaction(database.owner, async (client) => {
        await client.query("insert into note values (21, 'x')");
        await client.query("insert into note values (20, 'x')");
      }),
    ).rejects.toMatchObject({ code: '23505' });
    expect((await database.owner.query('select id from note where id >= 20')).rows).toEqual([{ id: 20 }]);
  });
});

const waitForLock = { text: 'select pg_advisory_lock_shared(42)' };

/** Holds a lock that `waitForLock` waits for; gives the number of sessions that wait. */
async function whileLocked(work: (waiting: () => Promise<number>) => Promise<void>): Promise<void> {
  await transaction(database.owner, async (client) => {
    await client.query('select pg_advisory_xact_lock(42)');
    await work(async () => {
      const result = await client.query(
        "select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = 42 and not granted",
      );
      return result.rows[0].n;
    });
  });
}
