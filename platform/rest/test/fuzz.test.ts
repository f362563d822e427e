/**
 * Strangers' requests by the thousand: whatever they write, the answer is no server error, and whatever becomes SQL has its
 * names in quotes. `FUZZ_RUNS` asks for more of them.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RestError } from '../src/errors.ts';
import { createPreparedRequests } from '../src/execute/preparedRequests.ts';
import { type HttpRequest, parseRequest } from '../src/request/apiRequest.ts';
import { createQueryParser } from '../src/request/query.ts';
import { loadSchemaCache } from '../src/schema/load.ts';
import type { SchemaCache } from '../src/schema/types.ts';
import { createFestival, type Festival, type FestivalServer, serve } from './festivalServer.ts';
import { fuzzRequest } from './fuzzRequest.ts';

const runs = Number(process.env.FUZZ_RUNS ?? 1000);
let festival: Festival;
let server: FestivalServer;
let cache: SchemaCache;
let bearer: string;
beforeAll(async () => {
  festival = await createFestival();
  server = await serve(festival, { aggregates: true, maxRows: 50, plans: true, txEnd: 'rollback', pathIds: true });
  cache = await loadSchemaCache(festival.database.requests, { schemas: ['festival'], hoistedSettings: [] }, 1);
  bearer = `Bearer ${await server.token('mona')}`;
});
afterAll(async () => {
  await server.close();
  await festival.close();
});

describe('requests of any kind', () => {
  test('never end in a server error', { timeout: 600_000 }, async () => {
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(fuzzRequest, async ({ method: verb, path: where, query, headers, body: sent }) => {
        const hasBody = verb !== 'GET' && verb !== 'HEAD';
        const answer = await fetch(`${server.url}/rest/v1${where}?${query}`, {
          method: verb,
          headers: {
            apikey: server.anonKey,
            authorization: bearer,
            ...(hasBody ? { 'content-type': 'application/json' } : {}),
            ...headers,
          },
          body: hasBody ? sent : undefined,
        });
        const text = await answer.text();
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        expect(
          answer.status,
          `${verb} ${where}?${decodeURIComponent(query)} ${JSON.stringify(headers)} ${sent} -> ${text}`,
        ).toBeLessThan(500);
      }),
      { numRuns: runs },
    );
    // The fuzzer is of use only while it gets through.
    expect(seen.get(200) ?? 0).toBeGreaterThan(runs / 50);
  });

  test('never reach the diaries of others', async () => {
    const { rows } = await festival.database.owner.query(
      "select count(*)::int as n from festival.diaries where owner = 'nour' and text = 'secret'",
    );
    expect(rows).toEqual([{ n: 1 }]);
  });
});

describe('SQL of any request', () => {
  const parser = createQueryParser();
  const rules = { parser, schemas: ['festival'], allowTx: true, openApi: true, pathIds: true, maxRows: 50 };
  /** Words that may stand outside of quotes: our own, and what comes from the catalog. */
  const ours = new Set(
    `_ select from where and or not as on true false null is distinct any all in lateral left inner join limit offset order by asc desc
    nulls first last group having with insert into values default update set delete returning conflict do nothing excluded using
    case when then end coalesce nullif exists cast row_to_json json_agg json_strip_nulls to_jsonb to_json to_tsvector to_tsquery
    plainto_tsquery phraseto_tsquery websearch_to_tsquery count sum avg min max current_setting set_config json_to_record
    json_to_recordset jsonb_to_record jsonb_to_recordset json_array_elements jsonb_array_elements jsonb_build_object jsonb_agg
    json_build_object json_object_keys string_agg substring length unnest explain analyze verbose settings buffers wal format json text
    jsonb int bigint variadic like ilike e unknown pgrst_source pgrst_body pgrst_payload pgrst_filled pgrst_row pgrst_call pgrst_scalar
    pgrst_counted pgrst_first pgrst_key data element total page body headers status location inserted`.split(/\s+/),
  );
  const catalogWords = (): Set<string> => {
    const words = new Set(ours);
    const add = (sql: string | null) => {
      for (const found of unquoted(sql ?? '')
        .toLowerCase()
        .matchAll(/[a-z_]\w*/g))
        words.add(found[0]);
    };
    for (const table of cache.tables.values())
      for (const column of table.columns.values()) [column.type, column.default].forEach(add);
    for (const overloads of cache.routines.values())
      for (const { parameters } of overloads)
        for (const { type, looseType } of parameters) [type, looseType].forEach(add);
    for (const { function: name } of cache.representations.values()) add(name);
    for (const word of 'double precision bit varying character boolean real numeric smallint integer float dec decimal interval time timestamp zone without national nchar varchar char'.split(
      ' ',
    ))
      words.add(word);
    return words;
  };
  /** What is left when quoted names and constants are taken out. */
  const unquoted = (sql: string): string =>
    sql
      .replace(/ E'(?:[^'\\]|\\.|'')*'/g, " '' ")
      .replace(/'(?:[^']|'')*'/g, " '' ")
      .replace(/"(?:[^"]|"")*"/g, ' ');

  test('has every name in quotes and every value as a parameter', { timeout: 600_000 }, () => {
    const words = catalogWords();
    const prepared = createPreparedRequests({
      cache,
      size: 0,
      named: false,
      aggregates: true,
      plansAllowed: true,
      maxRows: 50,
    });
    let printed = 0;
    fc.assert(
      fc.property(fuzzRequest, ({ method: verb, path: where, query, headers, body: sent }) => {
        const http: HttpRequest = { method: verb, path: where, query, headers, body: Buffer.from(sent) };
        const text = sqlOf(http);
        if (text === undefined) return;
        printed++;
        const bare = unquoted(text);
        expect(bare, text).not.toMatch(/;|--|\/\*|"/);
        for (const [name] of bare.toLowerCase().matchAll(/[a-z_]\w*/g)) {
          expect(words.has(name) || /^pgrst_embed_\d+$/.test(name), `${name} in ${text}`).toBe(true);
        }
      }),
      { numRuns: runs * 4 },
    );
    expect(printed).toBeGreaterThan(runs / 5);

    function sqlOf(http: HttpRequest): string | undefined {
      try {
        const parsed = parseRequest(http, rules);
        if (parsed.action.kind === 'options' || parsed.action.kind === 'root') return undefined;
        return prepared.for(parsed).printed.main.text;
      } catch (error) {
        expect(error).toBeInstanceOf(RestError);
        return undefined;
      }
    }
  });
});
