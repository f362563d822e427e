/** Mutations as SQL. */
import type { DeletePlan, InsertPlan, MutatePlan, PlannedLogic, Qualifier, UpdatePlan } from '../plan/types.ts';
import type { QualifiedName } from '../schema/types.ts';
import { bodyName, bodyRows } from './body.ts';
import { logicTerm } from './expressions.ts';
import { column, identifier, identifiers, qualified } from './identifier.ts';
import type { Printer } from './printer.ts';

export const mutateStatement = (p: Printer, plan: MutatePlan): string => {
  switch (plan.kind) {
    case 'insert':
      return insertStatement(p, plan);
    case 'update':
      return updateStatement(p, plan);
    case 'delete':
      return deleteStatement(p, plan);
  }
};

const conditions = (p: Printer, of: Qualifier, where: readonly PlannedLogic[]): string[] =>
  where.map((logic) => logicTerm(p, of, logic));

const whereClause = (terms: readonly string[]): string => (terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`);

/** Without columns to show, a constant counts the rows and needs no right to read them. */
const returning = (table: QualifiedName, columns: readonly string[]): string =>
  ` RETURNING ${columns.length === 0 ? '1' : columns.map((name) => column(table, name)).join(', ')}`;

/**
 * Rows that an upsert inserted, counted in a setting of the transaction: every row of the source adds one, every row that
 * is updated instead takes it back. PostgreSQL tells the two apart nowhere else that works for views too.
 */
const insertedSetting = 'pgrst.inserted';
const countInserted = (step: '+' | '-'): string =>
  `set_config('${insertedSetting}', (coalesce(nullif(current_setting('${insertedSetting}', true), '')::int, 0) ${step} 1)::text, true) <> ''`;

export const insertedCount = `nullif(current_setting('${insertedSetting}', true), '')::int`;

const insertStatement = (p: Printer, plan: InsertPlan): string => {
  const { table, columns, conflict } = plan;
  const names = columns.map(({ name }) => name);
  const into = names.length === 0 ? '' : ` (${identifiers(names)})`;
  const values = names.length === 0 ? '' : ` ${names.map((name) => column({ alias: bodyName }, name)).join(', ')}`;
  const rows = (): string =>
    bodyRows(p, {
      slot: plan.body,
      columns,
      isObject: plan.bodyIsObject,
      applyDefaults: plan.applyDefaults,
      one: false,
    });
  const merges = conflict?.resolution === 'merge-duplicates';
  const counted = merges ? [countInserted('+')] : [];
  const source =
    names.length === 0 && plan.bodyIsObject && !merges && plan.where.length === 0
      ? ' DEFAULT VALUES'
      : ` SELECT${values} FROM ${rows()}${whereClause([...counted, ...conditions(p, { alias: bodyName }, plan.where)])}`;
  return `INSERT INTO ${qualified(table)}${into}${source}${onConflict(plan)}${returning(table, plan.returning)}`;
};

const onConflict = ({ conflict, columns }: InsertPlan): string => {
  if (conflict === undefined || conflict.columns.length === 0) return '';
  const target = ` ON CONFLICT (${identifiers(conflict.columns)})`;
  if (conflict.resolution === 'ignore-duplicates' || columns.length === 0) return `${target} DO NOTHING`;
  const changes = columns.map(({ name }) => `${identifier(name)} = EXCLUDED.${identifier(name)}`);
  return `${target} DO UPDATE SET ${changes.join(', ')} WHERE ${countInserted('-')}`;
};

const updateStatement = (p: Printer, plan: UpdatePlan): string => {
  const { table, columns } = plan;
  // There is no UPDATE that changes nothing; an empty result still has the columns that are asked for.
  if (columns.length === 0) {
    const shown = plan.returning.map((name) => column(table, name));
    return `SELECT ${shown.length === 0 ? 'NULL' : shown.join(', ')} FROM ${qualified(table)} WHERE false`;
  }
  const changes = columns.map(({ name }) => `${identifier(name)} = ${column({ alias: bodyName }, name)}`);
  const rows = bodyRows(p, {
    slot: plan.body,
    columns,
    isObject: plan.bodyIsObject,
    applyDefaults: plan.applyDefaults,
    one: false,
  });
  const where = whereClause(conditions(p, table, plan.where));
  return `UPDATE ${qualified(table)} SET ${changes.join(', ')} FROM ${rows}${where}${returning(table, plan.returning)}`;
};

const deleteStatement = (p: Printer, { table, where, returning: shown }: DeletePlan): string =>
  `DELETE FROM ${qualified(table)}${whereClause(conditions(p, table, where))}${returning(table, shown)}`;
