/** The parameters that operations refer to. */
import type { Table } from '../schema/types.ts';

const query = (name: string, description: string) => ({
  name,
  description,
  required: false,
  in: 'query',
  type: 'string',
});
const prefer = (values: readonly string[]) => ({
  name: 'Prefer',
  description: 'Preference',
  required: false,
  enum: values.length === 0 ? undefined : values,
  in: 'header',
  type: 'string',
});
const returns = ['return=representation', 'return=minimal', 'return=none'];

export const commonParameters = {
  preferParams: prefer([]),
  preferReturn: prefer(returns),
  preferCount: prefer(['count=none']),
  preferPost: prefer([...returns, 'resolution=ignore-duplicates', 'resolution=merge-duplicates']),
  select: query('select', 'Filtering Columns'),
  on_conflict: query('on_conflict', 'On Conflict'),
  order: query('order', 'Ordering'),
  range: { ...query('Range', 'Limiting and Pagination'), in: 'header' },
  rangeUnit: { ...query('Range-Unit', 'Limiting and Pagination'), default: 'items', in: 'header' },
  offset: query('offset', 'Limiting and Pagination'),
  limit: query('limit', 'Limiting and Pagination'),
};

/** A table's body and a filter for each of its columns. */
export const tableParameters = (table: Table): Record<string, unknown> =>
  Object.fromEntries([
    [
      `body.${table.name}`,
      {
        name: table.name,
        description: table.name,
        required: false,
        in: 'body',
        schema: { $ref: `#/definitions/${table.name}` },
      },
    ],
    ...[...table.columns.values()].map(({ name, description }) => [
      `rowFilter.${table.name}.${name}`,
      { name, description: description ?? undefined, required: false, in: 'query', type: 'string' },
    ]),
  ]);
