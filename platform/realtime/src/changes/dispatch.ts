import type { Logger } from '@connectgain/http';
import type { Pool } from 'pg';
import type { Subject } from '../auth/subjects.ts';
import { type Encoded, encodeMessage } from '../protocol/encode.ts';
import type { Channel } from '../socket/channel.ts';
import { type Outbox, send } from '../socket/connection.ts';
import type { Catalog } from './catalog.ts';
import type { ChangeRow } from './changeRow.ts';
import { matchInSql } from './filterInSql.ts';
import { type Change, writeChange } from './payload.ts';
import { parseRow } from './rowKeys.ts';
import type { Member, Spec, Subscriptions } from './subscriptions.ts';
import type { Question, Visibility } from './visibility.ts';

export interface DispatchOptions {
  catalog: Catalog;
  requests: Pool;
  subscriptions: Subscriptions;
  visibility: Visibility;
  outbox: Outbox;
  log: Logger;
  /** Where a row says whose it is; see `RealtimeOptions.tenant`. */
  tenant: { column: string; shared?: readonly string[] } | undefined;
  /** Delivers a broadcast that was sent from SQL. */
  broadcast(row: ChangeRow): void;
  /** A row has been dealt with. `readAt`: performance.now() at which it came from the database. */
  read(row: ChangeRow, readAt: number, receivers: number): void;
}

/** Specs interested in a change, before row level security was asked. */
interface Interest {
  change: Change;
  specs: Spec[];
}

const events = { I: 'INSERT', U: 'UPDATE', D: 'DELETE' } as const;
/** Sends in one go; then the event loop gets a turn, so that a large audience does not hold up heartbeats. */
const sendsPerTurn = 2_000;

/** Delivers batches of the feed. Everything that may fail is asked first, so that a rejected batch has reached nobody. */
export function createDispatch(o: DispatchOptions): (rows: readonly ChangeRow[]) => Promise<void> {
  return async (rows) => {
    const readAt = performance.now();
    const interests = await findInterests(o, rows);
    const visible = await askAll(o, interests);
    let sends = 0;
    for (const row of rows) {
      const interest = interests.get(row);
      if (row.kind === 'B') o.broadcast(row);
      const receivers = interest ? deliver(o, interest, (subject) => visible.get(subject)?.has(row.id) ?? false) : 0;
      o.read(row, readAt, receivers);
      sends += receivers;
      if (sends < sendsPerTurn) continue;
      sends = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
}

async function findInterests(o: DispatchOptions, rows: readonly ChangeRow[]): Promise<Map<ChangeRow, Interest>> {
  const interests = new Map<ChangeRow, Interest>();
  if (o.subscriptions.size === 0) return interests;
  const { byOid } = await o.catalog.snapshot();
  for (const row of rows) {
    const table = byOid.get(row.relation);
    const text = row.kind === 'D' ? row.old : row.new;
    if (row.kind === 'B' || !table || text === null) continue;
    const event = events[row.kind];
    const values = parseRow(table, text);
    const specs = o.subscriptions.candidates(table, event, values);
    if (specs.length > 0) interests.set(row, { change: { row, table, event, values, written: new Map() }, specs });
  }
  await decideInSql(o, interests);
  return interests;
}

/** Conditions that only PostgreSQL can decide: one query per spec for all its rows of the batch. */
async function decideInSql(o: DispatchOptions, interests: ReadonlyMap<ChangeRow, Interest>): Promise<void> {
  const open = new Map<Spec, Interest[]>();
  for (const interest of interests.values()) {
    for (const spec of interest.specs) {
      if (spec.filter?.sql.length) open.set(spec, [...(open.get(spec) ?? []), interest]);
    }
  }
  for (const [spec, asked] of open) {
    const [first] = asked;
    if (!first || !spec.filter) continue;
    const rows = asked.map(({ change }) => (change.event === 'DELETE' ? change.row.old : change.row.new) ?? '{}');
    const question = { role: spec.role, table: first.change.table, conditions: spec.filter.sql, rows };
    const places = await matchInSql(o.requests, question).catch((error: unknown) => {
      o.log.warn(
        { err: error, table: first.change.table.quoted },
        'realtime filter failed, its subscribers are shown nothing',
      );
      return new Set<number>();
    });
    asked.forEach((interest, place) => {
      if (!places.has(place)) interest.specs = interest.specs.filter((other) => other !== spec);
    });
  }
}

/** Asks row level security for every subject about the rows that it is interested in. */
async function askAll(
  o: DispatchOptions,
  interests: ReadonlyMap<ChangeRow, Interest>,
): Promise<Map<Subject, Set<string>>> {
  const questions = new Map<Subject, Map<string, Question & { rows: Question['rows'][number][] }>>();
  for (const { change, specs } of interests.values()) {
    const tenant = tenantOf(o, change);
    const subjects = new Set<Subject>();
    for (const spec of specs) {
      for (const [subject] of spec.audience.of(tenant)) subjects.add(subject);
    }
    for (const subject of subjects) {
      const deleted = change.event === 'DELETE';
      const ofSubject = questions.get(subject) ?? new Map();
      questions.set(subject, ofSubject);
      const key = `${change.table.oid} ${deleted}`;
      const question = ofSubject.get(key) ?? { subject, table: change.table, deleted, rows: [] };
      ofSubject.set(key, question);
      const text = (deleted ? change.row.old : change.row.new) ?? '{}';
      question.rows.push({ id: change.row.id, values: change.values, text });
    }
  }
  const all = [...questions.values()].flatMap((ofSubject) => [...ofSubject.values()]);
  const answers = await o.visibility.ask(all);
  const visible = new Map<Subject, Set<string>>();
  all.forEach(({ subject }, index) => {
    const ids = visible.get(subject) ?? new Set();
    for (const id of answers[index] ?? []) ids.add(id);
    visible.set(subject, ids);
  });
  return visible;
}

function tenantOf(o: DispatchOptions, change: Change): string | undefined {
  if (o.tenant === undefined || o.tenant.shared?.includes(`${change.table.schema}.${change.table.name}`))
    return undefined;
  const value = change.values[o.tenant.column];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function deliver(o: DispatchOptions, { change, specs }: Interest, sees: (subject: Subject) => boolean): number {
  const tenant = tenantOf(o, change);
  const receivers = new Map<Channel, { ids: number[]; member: Member }>();
  for (const spec of specs) {
    for (const [subject, members] of spec.audience.of(tenant)) {
      if (!sees(subject)) continue;
      for (const member of members) {
        const known = receivers.get(member.channel);
        if (known) known.ids.push(member.request.id);
        else receivers.set(member.channel, { ids: [member.request.id], member });
      }
    }
  }
  // Channels of the same topic and wishes share one encoded frame.
  const frames = new Map<string, Encoded>();
  for (const [channel, { ids, member }] of receivers) {
    const rights = change.table.roles.get(member.spec.role);
    if (!rights?.seesKey || channel.state !== 'joined') continue;
    const { vsn } = channel.connection;
    const data = writeChange(change, member.spec, rights);
    const key = JSON.stringify([vsn, channel.topic, ids, member.spec.role, member.spec.select]);
    const frame =
      frames.get(key) ??
      encodeMessage(vsn, {
        topic: channel.topic,
        event: 'postgres_changes',
        payload: `{"ids":[${ids}],"data":${data}}`,
      });
    frames.set(key, frame);
    send(o.outbox, channel.connection, frame);
  }
  return receivers.size;
}
