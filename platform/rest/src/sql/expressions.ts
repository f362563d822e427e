/** Fields, filters and orders as SQL. */
import type { PlannedField, PlannedLogic, PlannedOrder, PlannedSelect, Qualifier, SpreadField } from '../plan/types.ts';
import type { FtsOperator, IsValue, JsonStep, Operation, Slot } from '../request/types.ts';
import { column, identifier, literal, qualifier, typeName } from './identifier.ts';
import type { Printer } from './printer.ts';

const operators = {
  eq: '=',
  gte: '>=',
  gt: '>',
  lte: '<=',
  lt: '<',
  like: 'like',
  ilike: 'ilike',
  match: '~',
  imatch: '~*',
  neq: '<>',
  cs: '@>',
  cd: '<@',
  ov: '&&',
  sl: '<<',
  sr: '>>',
  nxr: '&<',
  nxl: '&>',
  adj: '-|-',
} as const;

const ftsFunctions: Record<FtsOperator, string> = {
  fts: 'to_tsquery',
  plfts: 'plainto_tsquery',
  phfts: 'phraseto_tsquery',
  wfts: 'websearch_to_tsquery',
};

const isWords: Record<IsValue, string> = {
  null: 'NULL',
  not_null: 'NOT NULL',
  true: 'TRUE',
  false: 'FALSE',
  unknown: 'UNKNOWN',
};

const jsonPath = (path: readonly JsonStep[]): string =>
  path
    .map(({ arrow, operand }) => arrow + ('key' in operand ? literal(operand.key) : `(${literal(operand.index)}::int)`))
    .join('');

const languagePrefix = (language: string | undefined): string =>
  language === undefined ? '' : `${literal(language)}, `;

/** The value of a field, without its transform. */
export const fieldValue = (of: Qualifier, field: PlannedField): string => {
  const value = pathValue(of, field);
  return field.tsvector === undefined ? value : `to_tsvector(${languagePrefix(field.tsvector.language)}${value})`;
};

const pathValue = (of: Qualifier, { name, path, toJson, wholeRow }: PlannedField): string => {
  if (wholeRow) return 'alias' in of ? qualifier(of) : identifier(of.name);
  const plain = column(of, name);
  if (path.length === 0) return plain;
  return (toJson ? `to_jsonb(${plain})` : plain) + jsonPath(path);
};

const cast = (value: string, type: string | undefined): string =>
  type === undefined ? value : `CAST(${value} AS ${typeName(type)})`;

const as = (alias: string | undefined): string => (alias === undefined ? '' : ` AS ${identifier(alias)}`);

export const selectItem = (of: Qualifier, item: PlannedSelect): string => {
  const { field, aggregate, alias } = item;
  const plain = fieldValue(of, field);
  const shown = cast(field.transform === undefined ? plain : `${field.transform}(${plain})`, item.cast);
  const value = aggregate === undefined ? shown : cast(`${aggregate}(${shown})`, item.aggregateCast);
  return value + as(alias);
};

/** A column that a parent takes from its spread. */
export const spreadItem = (label: string, { name, aggregate, aggregateCast, alias }: SpreadField): string => {
  const plain = column({ alias: label }, name);
  return (aggregate === undefined ? plain : cast(`${aggregate}(${plain})`, aggregateCast)) + as(alias);
};

export const logicTerm = (p: Printer, of: Qualifier, logic: PlannedLogic): string => {
  switch (logic.kind) {
    case 'group': {
      const members = logic.members.map((member) => logicTerm(p, of, member));
      return `${logic.negated ? 'NOT ' : ''}(${members.join(logic.operator === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'embedPresence':
      // Unlike IS NULL this asks about the row itself, not about all of its columns.
      return `${identifier(logic.label)} IS ${logic.present ? '' : 'NOT '}DISTINCT FROM NULL`;
    case 'filter': {
      const test = comparison(p, of, logic.field, logic.operation);
      return logic.negated ? `NOT (${test})` : test;
    }
  }
};

const comparison = (p: Printer, of: Qualifier, field: PlannedField, operation: Operation<Slot>): string => {
  const value = fieldValue(of, field);
  switch (operation.kind) {
    case 'column':
      return `${value} ${operators[operation.operator]} ${column(of, operation.column)}`;
    case 'is':
      return `${value} IS ${isWords[operation.value]}`;
    case 'isdistinct':
      return `${value} IS DISTINCT FROM ${p.param(operation.value)}`;
    case 'in':
      // One array rather than a list: one statement for any number of values, and none is allowed too.
      return `${value} = ANY(${arrayOperand(p, field, operation.value)})`;
    case 'fts':
      return `${value} @@ ${ftsFunctions[operation.operator]}(${languagePrefix(operation.language)}${p.param(operation.value)})`;
    case 'compare': {
      const { operator, quantifier, value: slot } = operation;
      const isPattern = operator === 'like' || operator === 'ilike';
      const operand = p.param(slot);
      const read = field.transform === undefined || isPattern ? operand : `${field.transform}(${operand})`;
      return `${value} ${operators[operator]} ${quantifier === undefined ? read : `${quantifier}(${read})`}`;
    }
  }
};

const arrayOperand = (p: Printer, { transform }: PlannedField, slot: Slot): string =>
  transform === undefined ? p.param(slot) : `SELECT ${transform}(unnest(${p.param(slot)}::text[]))`;

const orderTerm = (of: Qualifier, term: PlannedOrder): string => {
  const value = fieldValue(term.of === undefined ? of : { alias: term.of }, term.field);
  const direction = term.direction === undefined ? '' : ` ${term.direction}`;
  const nulls = term.nulls === undefined ? '' : term.nulls === 'nullsfirst' ? ' nulls first' : ' nulls last';
  return value + direction + nulls;
};

export const orderBy = (of: Qualifier, terms: readonly PlannedOrder[]): string =>
  terms.length === 0 ? '' : ` ORDER BY ${terms.map((term) => orderTerm(of, term)).join(', ')}`;
