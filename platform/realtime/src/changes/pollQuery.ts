import { pipeline } from '@connectgain/postgres';
import type { Pool } from 'pg';
import { lendClient } from '../lendClient.ts';
import type { ChangeRow } from './changeRow.ts';

/** Where a poll begins and how much it brings. */
export interface PollFrom {
  /** Everything visible in this snapshot has been read. */
  seen: string;
  /** Set on the following pages of a poll that did not fit one: its snapshot, and the last id of the page before. */
  page?: { upTo: string; afterId: string };
}

export interface Poll {
  /** The snapshot it was read with; becomes `seen` once all pages are read. */
  snapshot: string;
  /** All transactions below are over. */
  xmin: bigint;
  xmax: bigint;
  /** Identity of the unlogged tables; null when a crash has emptied them. */
  epoch: string | null;
  rows: ChangeRow[];
  /** The snapshot shows more: ask for the next page. */
  more: boolean;
}

const pageRows = 500;
const pageBytes = 32 * 1024 * 1024;

/** Columns of up to 64 bytes of a row that is too large to be delivered, as supabase/walrus keeps them. */
const cutRow = (column: string) => `(
  select json_object_agg(e.key, e.value)::text from json_each(c.${column}) e where octet_length(e.value::text) <= 64)`;
const rowText = (column: string) =>
  `case when octet_length(c.${column}::text) > $2 then ${cutRow(column)} else c.${column}::text end`;

/**
 * What is visible now and was not in the snapshot `$1`. The upper bound on xid is always true; it tells the planner that the range is
 * narrow, so that it takes the index on xid whatever the statistics of a table that is filled and emptied all the time.
 */
const firstPage = `
  x.xid >= pg_snapshot_xmin($1::pg_snapshot) and x.xid < pg_snapshot_xmax(pg_current_snapshot())
  and not pg_visible_in_snapshot(x.xid, $1::pg_snapshot)`;

/** The rest of what the first page began, in the order of the primary key: a page costs its own rows, however many follow. */
const nextPage = `
  x.id > $3 and not pg_visible_in_snapshot(x.xid, $1::pg_snapshot) and pg_visible_in_snapshot(x.xid, $4::pg_snapshot)`;

const pageQuery = (condition: string) => `
select s.now::text as snapshot, pg_snapshot_xmin(s.now)::text as xmin, pg_snapshot_xmax(s.now)::text as xmax,
  (select e.id from realtime.epoch e)::text as epoch,
  c.id, c.relation::int8 as relation, c.kind, to_char(c.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
  extract(epoch from clock_timestamp() - c.at) * 1000 as age_ms, ${rowText('new')} as new, ${rowText('old')} as old,
  octet_length(c.new::text) > $2 or coalesce(octet_length(c.old::text) > $2, false) as cut, c.found
from (select pg_current_snapshot() as now) s
left join lateral (
  select * from (
    select p.*, count(*) over () as found, sum(p.size) over (order by p.id) - p.size as before
    from (
      select x.*, coalesce(pg_column_size(x.new), 0) + coalesce(pg_column_size(x.old), 0) as size
      from realtime.changes x
      where ${condition}
      order by x.id
      limit ${pageRows + 1}
    ) p
  ) sized
  where sized.before < ${pageBytes}
  order by sized.id
  limit ${pageRows}
) c on true
order by c.id`;

const firstQuery = pageQuery(firstPage);
const nextQuery = pageQuery(nextPage);

interface RawRow {
  snapshot: string;
  xmin: string;
  xmax: string;
  epoch: string | null;
  id: string | null;
  relation: string;
  kind: ChangeRow['kind'];
  at: string;
  age_ms: string;
  new: string | null;
  old: string | null;
  cut: string;
  /** Rows that the page could have had, one more than its size at most. */
  found: string;
}

export async function poll(pool: Pool, from: PollFrom, recordBytes: number): Promise<Poll> {
  const statement = from.page
    ? { name: 'realtime_next', text: nextQuery, values: [from.seen, recordBytes, from.page.afterId, from.page.upTo] }
    : { name: 'realtime_poll', text: firstQuery, values: [from.seen, recordBytes] };
  const [result] = await lendClient(pool, (client) => pipeline(client, [statement], { raw: true }));
  const raw: RawRow[] = result?.rows ?? [];
  return toPoll(raw);
}

function toPoll(raw: RawRow[]): Poll {
  const [first] = raw;
  if (!first) throw new Error('The change feed answered without a snapshot.');
  const rows = raw.flatMap((row): ChangeRow[] =>
    row.id === null
      ? []
      : [
          {
            id: row.id,
            relation: Number(row.relation),
            kind: row.kind,
            at: row.at,
            ageMs: Number(row.age_ms),
            new: row.new,
            old: row.old,
            cut: row.cut === 't',
          },
        ],
  );
  return {
    snapshot: first.snapshot,
    xmin: BigInt(first.xmin),
    xmax: BigInt(first.xmax),
    epoch: first.epoch,
    rows,
    more: rows.length < Number(first.found ?? 0),
  };
}
