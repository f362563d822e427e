import { createHash } from 'node:crypto';
import type { Logger } from '@connectgain/http';
import { pipeline, type Statement } from '@connectgain/postgres';
import pg, { type Pool } from 'pg';
import type { Subject } from '../auth/subjects.ts';
import { lendClient } from '../lendClient.ts';
import type { Table } from './catalog.ts';
import { keyOf, type RowValues } from './rowKeys.ts';

/** One question: which of these rows of a table may this subject see? */
export interface Question {
  subject: Subject;
  table: Table;
  /** True: the rows are gone, only their last values are left. */
  deleted: boolean;
  rows: readonly { id: string; values: RowValues; text: string }[];
}

/** Ids of the rows that each question found visible, in the order of the questions. */
export type Answers = ReadonlySet<string>[];

/** Statements of one round trip, two per question; more questions go side by side over several connections. */
const questionsPerTrip = 150;
const tripsAtOnce = 3;
const statementTimeout = '5000';
/** A policy that fails does so for every row; the log hears of it now and then. */
const warnEveryMs = 60_000;

export interface Visibility {
  /**
   * Asks row level security about many rows for many subjects in few round trips: role and claims of the first subject, its rows, role
   * and claims of the next, ... in one pipeline. A subject whose policies fail sees nothing; the others are not touched by it. Rejects
   * when the database cannot be asked.
   *
   * Inserted and updated rows are looked up in the table, so that the answer is PostgreSQL's own. A deleted row cannot be looked up: its
   * last values are put through the table's SELECT policies instead, which are evaluated as the subject. So a delete reaches exactly
   * those who could still read the row if it were there, and never another tenant.
   */
  ask(questions: readonly Question[]): Promise<Answers>;
}

type OnPolicyFailure = (error: unknown, question: Question | undefined) => void;

export function createVisibility(requests: Pool, log: Logger): Visibility {
  const warnedAt = new Map<string, number>();
  const onFailure: OnPolicyFailure = (error, question) => {
    const table = question?.table.quoted ?? '';
    const now = performance.now();
    if (now - (warnedAt.get(table) ?? Number.NEGATIVE_INFINITY) < warnEveryMs) return;
    warnedAt.set(table, now);
    log.warn({ err: error, table }, 'policies failed for a realtime subscriber, who is shown nothing');
  };
  return {
    async ask(questions) {
      const answers: ReadonlySet<string>[] = questions.map(() => new Set());
      const open: number[] = [];
      questions.forEach((question, index) => {
        const visible = question.table.roles.get(question.subject.principal.role)?.visible ?? false;
        if (visible === true) answers[index] = new Set(question.rows.map((row) => row.id));
        else if (visible !== false) open.push(index);
      });
      const trips: number[][] = [];
      for (let i = 0; i < open.length; i += questionsPerTrip) trips.push(open.slice(i, i + questionsPerTrip));
      const work = async () => {
        for (let trip = trips.shift(); trip; trip = trips.shift()) {
          for (const [index, ids] of await askTogether(requests, questions, trip, onFailure)) answers[index] = ids;
        }
      };
      await Promise.all(Array.from({ length: tripsAtOnce }, work));
      return answers;
    },
  };
}

async function askTogether(
  requests: Pool,
  questions: readonly Question[],
  indexes: readonly number[],
  onFailure: OnPolicyFailure,
): Promise<Map<number, Set<string>>> {
  try {
    return await ask(requests, questions, indexes);
  } catch (error) {
    if (!isPolicyFailure(error)) throw error;
    if (indexes.length > 1) {
      // One subject's claims or policies broke the batch: halve it until only that one goes without.
      const middle = indexes.length >> 1;
      const halves = [indexes.slice(0, middle), indexes.slice(middle)];
      const parts = [];
      for (const half of halves) parts.push(...(await askTogether(requests, questions, half, onFailure)));
      return new Map(parts);
    }
    const [only] = indexes;
    onFailure(error, only === undefined ? undefined : questions[only]);
    return new Map();
  }
}

async function ask(
  requests: Pool,
  questions: readonly Question[],
  indexes: readonly number[],
): Promise<Map<number, Set<string>>> {
  const statements = indexes.flatMap((index) => {
    const question = questions[index];
    return question ? [become(question.subject), statementOf(question)] : [];
  });
  const results = await lendClient(requests, (client) => pipeline(client, statements));
  return new Map(
    indexes.map((index, place) => {
      const rows: { place: number }[] = results[2 * place + 1]?.rows ?? [];
      const asked = questions[index]?.rows ?? [];
      return [index, new Set(rows.flatMap((row) => asked[row.place - 1]?.id ?? []))];
    }),
  );
}

/** Anything the statement itself can be blamed for; the rest (08 connection, 53 resources, 57P shutdown) is the database's state. */
function isPolicyFailure(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(08|53|57P|58|XX)/.test(error.code ?? '08');
}

function become({ principal }: Subject): Statement {
  return {
    name: 'realtime_become',
    text: `select set_config('role', $1, true), set_config('request.jwt.claims', $2, true),
      set_config('statement_timeout', $3, true), set_config('transaction_read_only', 'on', true)`,
    values: [principal.role, JSON.stringify(principal.claims), statementTimeout],
  };
}

function statementOf(question: Question): Statement {
  const { table, subject } = question;
  const role = subject.principal.role;
  const text = question.deleted ? deletedQuery(table, role) : presentQuery(table);
  const values = question.deleted ? [question.rows.map((row) => row.text)] : keyColumns(question);
  // The plan of a policy belongs to a role: one statement each, or PostgreSQL plans again at every change of role.
  return { name: `realtime_${role}_${createHash('sha1').update(text).digest('base64url')}`.slice(0, 60), text, values };
}

function presentQuery(table: Table): string {
  const names = table.keys.map((_, i) => `k${i}`);
  const arrays = table.keys.map((column, i) => `$${i + 1}::${column.sqlType}[]`);
  const match = table.keys.map((column, i) => `t.${pg.escapeIdentifier(column.name)} = x.k${i}`);
  return `select x.place::int as place from unnest(${arrays.join(', ')}) with ordinality x (${names.join(', ')}, place)
    where exists (select from ${table.quoted} t where ${match.join(' and ')})`;
}

/** Policies name the table's columns bare or by the table's name, so the values take that name. */
function deletedQuery(table: Table, role: string): string {
  const test = table.roles.get(role)?.visible ?? false;
  return `select "~x"."~place"::int as place from unnest($1::text[]) with ordinality "~x" ("~row", "~place")
    cross join lateral jsonb_populate_record(null::${table.quoted}, "~x"."~row"::jsonb) ${pg.escapeIdentifier(table.name)}
    where (${test})`;
}

/** Per key column, the values of all rows. A row without a key, which cannot be, asks for null and is not found. */
function keyColumns({ table, rows }: Question): (string | null)[][] {
  const keys = rows.map((row) => keyOf(table, row.values));
  return table.keys.map((_, i) => keys.map((key) => key?.[i] ?? null));
}
