/** JSON bodies as rows of SQL. */
import type { PlannedField } from '../plan/types.ts';
import type { Slot } from '../request/types.ts';
import { identifier, literal } from './identifier.ts';
import type { Printer } from './printer.ts';

/** Name under which the rows of a body are known. */
export const bodyName = 'pgrst_body';

export interface BodyRows {
  slot: Slot;
  columns: readonly Pick<PlannedField, 'name' | 'type' | 'transform' | 'default'>[];
  isObject: boolean;
  /** Columns that a row leaves out take their default instead of null. */
  applyDefaults: boolean;
  /** Only the first row. */
  one: boolean;
}

/** A FROM item that gives one row per object of the body, with columns of the right types. */
export const bodyRows = (p: Printer, rows: BodyRows): string => {
  const { columns, isObject, applyDefaults, one } = rows;
  const json = applyDefaults ? 'jsonb' : 'json';
  const payload = `(SELECT ${p.param(rows.slot)}::${json} AS data) pgrst_payload`;
  const filled = applyDefaults ? `, LATERAL (${withDefaults(columns, isObject)}) pgrst_filled` : '';
  const data = applyDefaults ? 'pgrst_filled.data' : 'pgrst_payload.data';
  const read = columns.map(({ name, transform }) => {
    const value = identifier(name);
    return transform === undefined ? value : `${transform}(${value}) AS ${value}`;
  });
  const typed = columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ');
  const source =
    columns.length > 0
      ? `${json}_to_record${isObject ? '' : 'set'}(${data}) AS _(${typed})`
      : isObject
        ? '(VALUES (1)) _'
        : `${json}_array_elements(${data}) _`;
  const selected = read.length === 0 ? '1' : read.join(', ');
  return `${payload}${filled}, LATERAL (SELECT ${selected} FROM ${source}${one ? ' LIMIT 1' : ''}) ${bodyName}`;
};

const withDefaults = (columns: BodyRows['columns'], isObject: boolean): string => {
  const defaults = columns.flatMap(({ name, default: sql }) => (sql === undefined ? [] : [`${literal(name)}, ${sql}`]));
  const object = `jsonb_build_object(${defaults.join(', ')})`;
  return isObject
    ? `SELECT ${object} || pgrst_payload.data AS data`
    : `SELECT jsonb_agg(${object} || element) AS data FROM jsonb_array_elements(pgrst_payload.data) element`;
};
