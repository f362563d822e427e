import type { Pool } from 'pg';
import type { Subject } from '../auth/subjects.ts';
import type { ChangeEvent, ChangesRequest } from '../protocol/joinConfig.ts';
import type { Channel } from '../socket/channel.ts';
import { type Audience, createAudience } from './audience.ts';
import type { Catalog, CatalogSnapshot, Table } from './catalog.ts';
import { type CompiledFilter, compileFilter } from './compileFilter.ts';
import { FilterError } from './filterSyntax.ts';
import { createSpecIndex, patternOf, type SpecIndex } from './specIndex.ts';

/** One wish that any number of channels share: same tables, event, filter, columns and role. */
export interface Spec {
  key: string;
  /** Schema and table, either may be `*`: see `patternOf`. */
  pattern: string;
  event: ChangeEvent;
  role: string;
  /** Columns that the subscriber wants beside the key; undefined for all. */
  select: readonly string[] | undefined;
  filter: CompiledFilter | undefined;
  audience: Audience;
}

/** A channel's part in a spec. */
export interface Member {
  spec: Spec;
  subject: Subject;
  channel: Channel;
  request: ChangesRequest;
}

export interface Subscriptions {
  /** Bindings of all channels. */
  readonly size: number;
  /** Starts one binding. Rejects with FilterError, in the words of supabase/realtime, for what cannot be subscribed. */
  subscribe(channel: Channel, subject: Subject, request: ChangesRequest): Promise<Member>;
  unsubscribe(member: Member): void;
  /** Specs that may be interested in a changed row, memory conditions already checked. */
  candidates: SpecIndex['candidates'];
}

export function createSubscriptions(catalog: Catalog, requests: Pool): Subscriptions {
  const specs = new Map<string, Promise<Spec>>();
  const index = createSpecIndex();
  let size = 0;

  const specOf = (role: string, request: ChangesRequest): Promise<Spec> => {
    const key = JSON.stringify([role, request.event, request.schema, request.table, request.filter, request.select]);
    const known = specs.get(key);
    if (known) return known;
    const compiling = compileSpec(catalog, requests, key, role, request);
    specs.set(key, compiling);
    compiling.catch(() => specs.delete(key));
    return compiling;
  };

  return {
    get size() {
      return size;
    },
    async subscribe(channel, subject, request) {
      const spec = await specOf(subject.principal.role, request);
      const member = { spec, subject, channel, request };
      if (spec.audience.isEmpty()) {
        // It may have been given up between compiling and now.
        specs.set(spec.key, Promise.resolve(spec));
        index.add(spec);
      }
      spec.audience.add(member);
      size++;
      return member;
    },
    unsubscribe(member) {
      const { spec } = member;
      if (!spec.audience.remove(member)) return;
      size--;
      if (!spec.audience.isEmpty()) return;
      specs.delete(spec.key);
      index.remove(spec);
    },
    candidates: index.candidates,
  };
}

async function compileSpec(
  catalog: Catalog,
  requests: Pool,
  key: string,
  role: string,
  request: ChangesRequest,
): Promise<Spec> {
  const { event, select, filter } = request;
  if (request.schema === undefined && request.table === undefined) {
    throw new FilterError(
      'No subscription params provided. Please provide at least a `schema` or `table` to subscribe to',
    );
  }
  const schema = request.schema ?? 'public';
  const name = request.table ?? '*';
  const spec: Spec = {
    key,
    pattern: patternOf(schema, name),
    event,
    role,
    select: undefined,
    filter: undefined,
    audience: createAudience(),
  };
  const find = ({ tables }: CatalogSnapshot) =>
    tables.find(
      (table) =>
        (schema === '*' || table.schema === schema) &&
        (name === '*' || table.name === name) &&
        table.schema !== 'realtime' &&
        table.roles.get(role)?.seesKey,
    );
  const table = find(await catalog.snapshot()) ?? find(await catalog.newest());
  if (!table) throw new FilterError(cannotSubscribe(request));
  if (schema === '*' || name === '*') {
    if (filter !== undefined || select?.length) {
      throw new FilterError('Filters and column selection need an explicit schema and table name.');
    }
    return spec;
  }
  spec.select = checkedSelect(table, role, select);
  spec.filter = filter === undefined ? undefined : await compileFor(requests, table, role, filter);
  return spec;
}

function checkedSelect(table: Table, role: string, select: string[] | undefined): string[] | undefined {
  if (!select?.length) return undefined;
  const rights = table.roles.get(role);
  for (const column of select) {
    if (!rights?.columns.has(column)) throw new FilterError(`invalid column for select ${column}`);
  }
  return [...new Set(select)].sort();
}

async function compileFor(requests: Pool, table: Table, role: string, filter: string): Promise<CompiledFilter> {
  const rights = table.roles.get(role);
  if (!rights) throw new FilterError(`invalid role ${role}`);
  try {
    return await compileFilter(requests, table, { name: role, rights }, filter);
  } catch (error) {
    throw error instanceof FilterError ? new FilterError(`Error parsing \`filter\` params: ${error.message}`) : error;
  }
}

function cannotSubscribe({ event, schema, table, filter }: ChangesRequest): string {
  return (
    'Unable to subscribe to changes with given parameters. Please check Realtime is enabled for the given connect parameters: ' +
    `[event: ${event}, schema: ${schema ?? 'public'}, table: ${table ?? '*'}, filters: [${filter ?? ''}]]`
  );
}
