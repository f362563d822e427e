import type { Pool } from 'pg';
import { type ColumnRow, queryCatalog, type TableRow } from './catalogQuery.ts';
import { type PolicyTest, policyTest } from './policies.ts';

export type Column = ColumnRow;

/** What one role may see of a table. */
export interface TableRole {
  columns: ReadonlySet<string>;
  /** The whole key is selectable; without it a row cannot be looked up for the role. */
  seesKey: boolean;
  /** SELECT policies: true where row level security is off or does not bind the role. */
  visible: PolicyTest;
  /** INSERT policies, with the INSERT privilege. */
  insertable: PolicyTest;
}

export interface Table {
  oid: number;
  schema: string;
  name: string;
  /** Quoted and qualified. */
  quoted: string;
  rowSecurity: boolean;
  identityFull: boolean;
  columns: readonly Column[];
  byName: ReadonlyMap<string, Column>;
  keys: readonly Column[];
  roles: ReadonlyMap<string, TableRole>;
}

export interface CatalogSnapshot {
  byOid: ReadonlyMap<number, Table>;
  /** Tracked tables, and realtime.messages. */
  tables: readonly Table[];
}

export interface Catalog {
  /** The catalog, at most `maxAgeMs` old: so long does a revoked privilege or a changed policy still count. */
  snapshot(): Promise<CatalogSnapshot>;
  /**
   * Read again, for whoever misses something: it may have been made a moment ago, the notification still on its way. However many ask, it is
   * read once at a time.
   */
  newest(): Promise<CatalogSnapshot>;
  /** The next snapshot is read afresh. */
  invalidate(): void;
}

const requestRoles = ['anon', 'authenticated', 'service_role'];

export function createCatalog(owner: Pool, maxAgeMs = 10_000): Catalog {
  let loaded: { at: number; snapshot: Promise<CatalogSnapshot> } | undefined;
  let reading: Promise<unknown> = Promise.resolve();
  let next: Promise<CatalogSnapshot> | undefined;
  const read = () => {
    const snapshot = load(owner);
    const current = { at: performance.now(), snapshot };
    loaded = current;
    snapshot.catch(() => {
      if (loaded === current) loaded = undefined;
    });
    return snapshot;
  };
  return {
    snapshot() {
      return loaded && performance.now() - loaded.at < maxAgeMs ? loaded.snapshot : read();
    },
    newest() {
      // One that is being read may have begun too early: those who ask meanwhile share the one after it.
      next ??= reading.then(() => {
        next = undefined;
        const snapshot = read();
        reading = snapshot.catch(() => undefined);
        return snapshot;
      });
      return next;
    },
    invalidate() {
      loaded = undefined;
    },
  };
}

async function load(owner: Pool): Promise<CatalogSnapshot> {
  const rows = await queryCatalog(owner, requestRoles);
  const tables = rows.map(toTable);
  return { tables, byOid: new Map(tables.map((table) => [table.oid, table])) };
}

function toTable(row: TableRow): Table {
  // The query puts the key first, in the key's order, then the others in the table's order.
  const columns = row.columns ?? [];
  const keys = columns.filter((column) => column.key);
  const roles = new Map<string, TableRole>();
  for (const role of row.roles ?? []) {
    const selectable = new Set(role.columns ?? []);
    const free = !row.rowSecurity || role.bypass;
    roles.set(role.name, {
      columns: selectable,
      seesKey: keys.length > 0 && keys.every((column) => selectable.has(column.name)),
      visible: free || policyTest(row.policies ?? [], role.name, 'select'),
      insertable: role.mayInsert && (free || policyTest(row.policies ?? [], role.name, 'insert')),
    });
  }
  return {
    oid: row.oid,
    schema: row.schema,
    name: row.name,
    quoted: row.quoted,
    rowSecurity: row.rowSecurity,
    identityFull: row.identityFull,
    columns,
    byName: new Map(columns.map((column) => [column.name, column])),
    keys,
    roles,
  };
}
