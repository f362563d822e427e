import type { Table } from './catalog.ts';

/** A row's columns as JSON gives them. */
export type RowValues = Readonly<Record<string, unknown>>;

/**
 * Parses a row. Integers that JavaScript cannot hold exactly become strings of their digits: a key must not be rounded on its way
 * to the lookup. Costs a call per value, so only tables whose key may be that large pay for it.
 */
export function parseRow(table: Table, text: string): RowValues {
  const exact = table.keys.some((column) => column.baseType === 'int8' || column.baseType === 'numeric');
  const row: unknown = exact ? JSON.parse(text, keepDigits) : JSON.parse(text);
  return isRow(row) ? row : {};
}

function isRow(value: unknown): value is RowValues {
  return typeof value === 'object' && value !== null;
}

/** JSON.parse source text access (ECMA-262): the third argument has the digits as written. */
function keepDigits(_key: string, value: unknown, ...[context]: unknown[]): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  if (typeof context !== 'object' || context === null || !('source' in context)) return value;
  return context.source;
}

/** The key's values as texts that the key's types read, in the key's order; undefined where one is missing. */
export function keyOf(table: Table, row: RowValues): string[] | undefined {
  const values: string[] = [];
  for (const column of table.keys) {
    const value = row[column.name];
    if (value === null || value === undefined) return undefined;
    values.push(typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  return values;
}
