import type { Table, TableRole } from './catalog.ts';
import type { ChangeRow } from './changeRow.ts';
import type { RowValues } from './rowKeys.ts';
import type { Spec } from './subscriptions.ts';

/** A change with what is needed to write it down for different readers. */
export interface Change {
  row: ChangeRow;
  table: Table;
  event: 'INSERT' | 'UPDATE' | 'DELETE';
  /** The row that conditions and policies are about: the new one, for a delete the old one. */
  values: RowValues;
  /** Finished texts by reader; see `variantOf`. */
  written: Map<string, string>;
}

const tooLarge = 'Error 413: Payload Too Large';

/** Readers of one variant get the same text: same role, same choice of columns. */
function variantOf(spec: Spec): string {
  return spec.select ? `${spec.role} ${JSON.stringify(spec.select)}` : spec.role;
}

/**
 * The `data` of a `postgres_changes` event as JSON text, with the columns that the role may read and the subscription asked for
 * (supabase/walrus, realtime.apply_rls). Where a reader sees all columns the row's own text is passed on, digits and all.
 */
export function writeChange(change: Change, spec: Spec, rights: TableRole): string {
  const variant = variantOf(spec);
  const known = change.written.get(variant);
  if (known !== undefined) return known;
  const text = compose(change, spec, rights);
  change.written.set(variant, text);
  return text;
}

function compose({ row, table, event }: Change, spec: Spec, rights: TableRole): string {
  const keys = new Set(table.keys.map((column) => column.name));
  const wanted = (name: string): boolean =>
    rights.columns.has(name) && (spec.select === undefined || spec.select.includes(name) || keys.has(name));
  const columns = table.columns.filter((column) => wanted(column.name));
  const whole = columns.length === table.columns.length;
  const pick = (text: string | null, may: (name: string) => boolean): string => {
    if (text === null) return '{}';
    return whole && may === wanted ? text : JSON.stringify(picked(text, may));
  };
  const fields = [
    `"schema":${JSON.stringify(table.schema)}`,
    `"table":${JSON.stringify(table.name)}`,
    `"commit_timestamp":${JSON.stringify(row.at)}`,
    `"type":"${event}"`,
    `"columns":${JSON.stringify(columns.map(({ name, type }) => ({ name, type })))}`,
  ];
  if (event !== 'DELETE') fields.push(`"record":${pick(row.new, wanted)}`);
  if (event === 'UPDATE') fields.push(`"old_record":${pick(row.old, wanted)}`);
  // With row level security a delete tells no more than which row it was; without, as much as REPLICA IDENTITY says.
  const oldShown = table.identityFull && !table.rowSecurity ? wanted : (name: string) => keys.has(name);
  if (event === 'DELETE') fields.push(`"old_record":${pick(row.old, oldShown)}`);
  fields.push(`"errors":${row.cut ? JSON.stringify([tooLarge]) : 'null'}`);
  return `{${fields.join(',')}}`;
}

function picked(text: string, may: (name: string) => boolean): Record<string, unknown> {
  const row: unknown = JSON.parse(text);
  if (typeof row !== 'object' || row === null) return {};
  return Object.fromEntries(Object.entries(row).filter(([name]) => may(name)));
}
