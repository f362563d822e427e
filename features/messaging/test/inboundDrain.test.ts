import { whatsappCloud } from '@connectgain/channels/whatsapp-cloud/index.ts';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterLookup } from '../adapters.ts';
import { createInboundDrain } from '../inbound/inboundDrain.ts';
import { createInboundWriter } from '../inbound/inboundWriter.ts';

let database: TestDatabase;
let acme: Organization;
let globex: Organization;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 40 });
  acme = await organization('Acme', 2);
  globex = await organization('Globex', 1);
});
afterAll(() => database.destroy());

interface Organization {
  id: string;
  accounts: { id: string; organizationId: string; phoneNumberId: string }[];
}

let phoneNumberIds = 100;
async function organization(name: string, accounts: number): Promise<Organization> {
  const { rows } = await database.owner.query<{ id: string }>(
    `insert into auth.users (id, email, raw_user_meta_data, email_confirmed_at)
     values (gen_random_uuid(), lower($1) || '@x.example', jsonb_build_object('organization_name', $1::text), now())
     returning (select organization_id from profiles where profiles.id = users.id) as id`,
    [name],
  );
  const found = await database.owner.query<{ id: string }>('select id from organizations where name = $1', [name]);
  const id = rows[0]?.id ?? found.rows[0]?.id ?? '';
  const made = [];
  for (let n = 0; n < accounts; n += 1) {
    phoneNumberIds += 1;
    const phoneNumberId = String(phoneNumberIds);
    const account = await database.owner.query<{ id: string }>(
      `insert into channel_accounts (organization_id, name, type, settings) values ($1, 'WhatsApp', 'WHATSAPP_CLOUD', $2) returning id`,
      [id, { phone_number_id: phoneNumberId }],
    );
    made.push({ id: account.rows[0]?.id ?? '', organizationId: id, phoneNumberId });
  }
  return { id, accounts: made };
}

let senders = 201_200_000_000;
const someone = () => {
  senders += 1;
  return String(senders);
};

type Account = Organization['accounts'][number];

/** A webhook of Meta with one thing in it. */
function webhook(account: Account, value: object): Buffer {
  const metadata = { display_phone_number: '1', phone_number_id: account.phoneNumberId };
  const change = { field: 'messages', value: { messaging_product: 'whatsapp', metadata, ...value } };
  return Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [change] }] }));
}

const at = () => String(Math.floor(Date.now() / 1000) - 60);
const said = (from: string, id: string, text: string, more: object = {}) => ({
  contacts: [{ profile: { name: `Customer ${from}` }, wa_id: from }],
  messages: [{ from, id, timestamp: at(), type: 'text', text: { body: text }, ...more }],
});
const delivered = (id: string, to: string) => ({
  statuses: [{ id, status: 'delivered', timestamp: at(), recipient_id: to }],
});

/** Stores webhooks as the callback does, each in a statement of its own. */
async function store(account: Account, ...values: object[]): Promise<void> {
  const writer = createInboundWriter(database.owner);
  for (const value of values) {
    const parts = whatsappCloud.splitWebhook?.(webhook(account, value)) ?? [];
    await writer.write(
      parts.map((part) => ({ part, channelType: 'WHATSAPP_CLOUD', routingKey: account.phoneNumberId, account })),
    );
  }
}

/** A node at work on its own connections. */
const node = () => createInboundDrain({ owner: database.owner, adapters: adapterLookup([whatsappCloud]) });

async function threadsOf(waId: string, organizationId = acme.id) {
  const { rows } = await database.owner.query<{
    contact: string;
    conversation: string;
    texts: string[];
    unread: number;
  }>(
    `select p.id as contact, c.id as conversation, c.unread_count as unread,
       array_agg(m.content order by m.created_at, m.id) as texts
     from contacts p join conversations c on c.contact_id = p.id join messages m on m.conversation_id = c.id
     where p.organization_id = $1 and p.phones @> array['+' || $2::text] group by 1, 2 order by min(m.id::text)`,
    [organizationId, waId],
  );
  return rows;
}

async function events(status: string) {
  const { rows } = await database.owner.query<{ id: string; words: string | null; attempts: number }>(
    'select id, error_message as words, attempts from inbound_events where status = $1 order by id',
    [status],
  );
  return rows;
}

describe('stored events become conversations', () => {
  it('in the order of arrival for each sender, however many nodes are at it', async () => {
    const people = Array.from({ length: 12 }, someone);
    const texts = Array.from({ length: 25 }, (_, n) => `message ${n}`);
    const nodes = [node(), node(), node()];
    const working: Promise<void>[] = [];
    await Promise.all(
      people.map(async (from) => {
        for (const [n, text] of texts.entries()) {
          await store(acme.accounts[0] ?? fail(), said(from, `wamid.${from}.${n}`, text, { timestamp: '1763686800' }));
          working.push(...nodes.map((one) => one.drain()));
        }
      }),
    );
    await Promise.all(working);
    for (const from of people) expect(await threadsOf(from)).toMatchObject([{ texts, unread: texts.length }]);
    expect(await events('RECEIVED')).toEqual([]);
  });

  it('one person who writes to two accounts for the first time at once is one contact with two conversations', async () => {
    for (let round = 0; round < 10; round += 1) {
      const from = someone();
      await Promise.all(
        acme.accounts.map((account, n) => store(account, said(from, `wamid.two.${from}.${n}`, `to ${n}`))),
      );
      await Promise.all([node().drain(), node().drain()]);
      const threads = await threadsOf(from);
      expect(threads).toHaveLength(2);
      expect(new Set(threads.map(({ contact }) => contact)).size).toBe(1);
      const { rows } = await database.owner.query('select from contacts where phones @> array[$1]', [`+${from}`]);
      expect(rows).toHaveLength(1);
    }
  });

  it('two organizations know the same person each for themselves, in one batch', async () => {
    const from = someone();
    await store(acme.accounts[0] ?? fail(), said(from, `wamid.acme.${from}`, 'for Acme'));
    await store(globex.accounts[0] ?? fail(), said(from, `wamid.globex.${from}`, 'for Globex'));
    await node().drain();
    expect(await threadsOf(from)).toMatchObject([{ texts: ['for Acme'] }]);
    expect(await threadsOf(from, globex.id)).toMatchObject([{ texts: ['for Globex'] }]);
  });

  it('once, however often they are delivered or handled', async () => {
    const from = someone();
    const account = acme.accounts[0] ?? fail();
    const hello = said(from, `wamid.once.${from}`, 'Hello');
    await store(account, hello, hello);
    await node().drain();
    await database.owner.query(
      `update inbound_events set status = 'RECEIVED' where provider_event_id like '%' || $1 and status = 'PROCESSED'`,
      [`wamid.once.${from}`],
    );
    await Promise.all([node().drain(), node().drain()]);
    expect(await threadsOf(from)).toMatchObject([{ texts: ['Hello'], unread: 1 }]);
  });

  it('with names filled in when they become known, and never overwritten', async () => {
    const from = someone();
    const account = acme.accounts[0] ?? fail();
    const nameless = { messages: said(from, `wamid.name1.${from}`, 'Hi').messages };
    await store(account, nameless);
    await node().drain();
    await store(account, said(from, `wamid.name2.${from}`, 'Me again'));
    await node().drain();
    const named = await database.owner.query('select full_name from contacts where phones @> array[$1]', [`+${from}`]);
    expect(named.rows).toEqual([{ full_name: `Customer ${from}` }]);
    await database.owner.query(`update contacts set first_name = 'Mona', last_name = null where phones @> array[$1]`, [
      `+${from}`,
    ]);
    await store(account, said(from, `wamid.name3.${from}`, 'And again'));
    await node().drain();
    const kept = await database.owner.query('select full_name from contacts where phones @> array[$1]', [`+${from}`]);
    expect(kept.rows).toEqual([{ full_name: 'Mona' }]);
  });
});

describe('what comes too early waits', () => {
  it('a receipt and an edit that overtake their message are tried again and find it', async () => {
    const from = someone();
    const account = acme.accounts[0] ?? fail();
    const edit = {
      contacts: [{ profile: { name: 'X' }, wa_id: from }],
      messages: [
        {
          from,
          id: `wamid.edit.${from}`,
          timestamp: at(),
          type: 'edit',
          edit: { original_message_id: `wamid.first.${from}`, message: { type: 'text', text: { body: 'Hello' } } },
        },
      ],
    };
    await store(account, delivered(`wamid.early.${from}`, from), edit);
    await node().drain();
    const waiting = await events('FAILED');
    expect(waiting.map(({ words }) => words)).toEqual([
      `Waits for message wamid.early.${from}.`,
      `Waits for message wamid.first.${from}.`,
    ]);
    const jobs = await database.owner.query(
      `select key from graphile_worker.jobs where key like 'in:%' and run_at > now() order by key`,
    );
    expect(jobs.rows.map(({ key }) => key)).toEqual(waiting.map(({ id }) => `in:${id}`).sort());

    await store(account, said(from, `wamid.first.${from}`, 'Helo'));
    await node().drain();
    const [thread] = await threadsOf(from);
    await database.owner.query(
      `insert into messages (conversation_id, direction, status, content, external_id) values ($1, 'OUTBOUND', 'SENT', 'Our answer', $2)`,
      [thread?.conversation, `wamid.early.${from}`],
    );
    for (const { id } of waiting) await node().retry(id);
    expect(await events('FAILED')).toEqual([]);
    const { rows } = await database.owner.query(
      'select content, status::text from messages where conversation_id = $1 order by id',
      [thread?.conversation],
    );
    expect(rows).toEqual([
      { content: 'Hello', status: 'RECEIVED' },
      { content: 'Our answer', status: 'DELIVERED' },
    ]);
  });

  it('and is set aside with words when its message never comes', async () => {
    const from = someone();
    await store(acme.accounts[0] ?? fail(), delivered(`wamid.never.${from}`, from));
    await node().drain();
    const [event] = await events('FAILED');
    for (let n = 0; n < 5; n += 1) await node().retry(event?.id ?? '');
    expect(await events('FAILED')).toEqual([]);
    expect((await events('IGNORED')).map(({ words }) => words)).toEqual([`Never saw message wamid.never.${from}.`]);
  });
});

it('one event that cannot be handled says why, is tried again later, and holds up nobody', async () => {
  await database.owner.query(`
    create function app.refuse_test() returns trigger language plpgsql as $$
    begin raise exception 'not this one'; end $$;
    create trigger refuse_test before insert on messages for each row when (new.content = 'bad') execute function app.refuse_test()`);
  const [good, bad] = [someone(), someone()];
  const account = acme.accounts[0] ?? fail();
  await store(
    account,
    said(good, `wamid.g1.${good}`, 'one'),
    said(bad, `wamid.bad.${bad}`, 'bad'),
    said(good, `wamid.g2.${good}`, 'two'),
  );
  await node().drain();
  expect(await threadsOf(good)).toMatchObject([{ texts: ['one', 'two'] }]);
  expect(await threadsOf(bad)).toEqual([]);
  const [failed] = await events('FAILED');
  expect(failed).toMatchObject({ words: 'not this one', attempts: 1 });
  await database.owner.query('drop function app.refuse_test() cascade');
  await node().retry(failed?.id ?? '');
  expect(await threadsOf(bad)).toMatchObject([{ texts: ['bad'] }]);
});

it('events of no known account are kept as UNMATCHED and handled once it is connected', async () => {
  const from = someone();
  const stranger = { id: '', organizationId: '', phoneNumberId: '555' };
  const writer = createInboundWriter(database.owner);
  const parts = whatsappCloud.splitWebhook?.(webhook(stranger, said(from, `wamid.un.${from}`, 'Anybody?'))) ?? [];
  await writer.write(
    parts.map((part) => ({ part, channelType: 'WHATSAPP_CLOUD', routingKey: '555', account: undefined })),
  );
  await node().drain();
  const [unmatched] = await events('UNMATCHED');
  await database.owner.query(
    `insert into channel_accounts (organization_id, name, type, settings) values ($1, 'Late', 'WHATSAPP_CLOUD', '{"phone_number_id": "555"}')`,
    [acme.id],
  );
  await database.owner.query(`update inbound_events set status = 'RECEIVED' where id = $1`, [unmatched?.id]);
  await node().drain();
  expect(await threadsOf(from)).toMatchObject([{ texts: ['Anybody?'] }]);
});

it('text that jsonb refuses is stored all the same', async () => {
  const from = someone();
  const text = 'null \u0000 half \ud83d and \\u0000 as typed';
  await store(acme.accounts[0] ?? fail(), said(from, `wamid.odd.${from}`, text));
  await node().drain();
  expect(await threadsOf(from)).toMatchObject([{ texts: ['null  half \ufffd and \\u0000 as typed'] }]);
});

/** Where the world of the test lacks something: an error with a name. */
function fail(): never {
  throw new Error('The test has no such account.');
}
