import type { Column } from './catalog.ts';
import type { Condition } from './filterSyntax.ts';

/** A condition decided without the database: over the JSON value that the column has in the changed row. */
export interface MemoryCondition {
  column: string;
  test(value: unknown): boolean;
  /** Set for a plain `eq`: rows are then found by this key instead of testing every subscription. */
  equals: string | undefined;
}

/** How values of a type compare, so that JavaScript agrees with PostgreSQL. */
type Kind = 'boolean' | 'number' | 'text' | 'folded' | 'ordered' | 'label';

const numbers = new Set(['int2', 'int4', 'int8', 'float4', 'float8', 'numeric', 'oid']);
/** JSON writes these so that the order of the texts is the order of the values. */
const orderedTexts = new Set(['uuid', 'date', 'timestamp', 'timestamptz']);

export function kindOf(column: Column): Kind | undefined {
  if (column.category === 'A') return undefined;
  if (column.baseType === 'bool') return 'boolean';
  if (numbers.has(column.baseType)) return 'number';
  if (orderedTexts.has(column.baseType)) return 'ordered';
  if (column.baseType === 'text' || column.baseType === 'varchar') return 'text';
  if (column.baseType === 'citext') return 'folded';
  if (column.category === 'E') return 'label';
  return undefined;
}

/** Types that JSON writes as the filter does: no need to ask the database how the value reads. */
export function canonicalWithoutDatabase(column: Column, value: string): string | undefined {
  const kind = kindOf(column);
  if (kind === 'text' || kind === 'folded') return JSON.stringify(value);
  if (column.baseType === 'uuid' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)) {
    return JSON.stringify(value.toLowerCase());
  }
  if (/^int[248]$/.test(column.baseType) && /^-?[1-9]\d{0,8}$|^0$/.test(value)) return value;
  if (kind === 'boolean' && (value === 'true' || value === 'false')) return value;
  return undefined;
}

/**
 * The condition as a function, or undefined where only PostgreSQL can decide (collation order, regular expressions, other types).
 * @param values JSON texts of the filter's values, as the column would write them
 */
export function inMemory(condition: Condition, column: Column, values: readonly string[]): MemoryCondition | undefined {
  const { operator, negate } = condition;
  if (operator === 'is') return isCondition(condition, column);
  const kind = kindOf(column);
  if (kind === undefined) return undefined;
  const wanted: unknown[] = values.map((text) => comparable(JSON.parse(text), kind));
  if (kind === 'number' && !wanted.every((value) => Number.isFinite(value) && Math.abs(Number(value)) < 2 ** 53))
    return undefined;
  const base = comparison(operator, kind, wanted);
  if (!base) return undefined;
  const test = (value: unknown): boolean => {
    if (operator === 'isdistinct') return base(comparable(value, kind)) !== negate;
    // SQL's null: neither the comparison nor its negation holds.
    return value !== null && value !== undefined && base(comparable(value, kind)) !== negate;
  };
  const equals = operator === 'eq' && !negate ? String(wanted[0]) : undefined;
  return { column: column.name, test, equals };
}

/** The key by which `equals` is looked up, from a row's value. */
export function equalityKey(column: Column, value: unknown): string {
  return String(comparable(value, kindOf(column) ?? 'text'));
}

function comparison(
  operator: Condition['operator'],
  kind: Kind,
  wanted: unknown[],
): ((value: unknown) => boolean) | undefined {
  const [first] = wanted;
  switch (operator) {
    case 'eq':
      return (value) => value === first;
    case 'neq':
    case 'isdistinct':
      return (value) => value !== first;
    case 'in': {
      const set = new Set(wanted);
      return (value) => set.has(value);
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return ordering(operator, kind, first);
    default:
      return undefined;
  }
}

function ordering(operator: 'lt' | 'lte' | 'gt' | 'gte', kind: Kind, wanted: unknown) {
  // Texts sort by the database's collation, labels by their declaration.
  if (kind === 'text' || kind === 'folded' || kind === 'label') return undefined;
  const holds = (order: number): boolean => {
    if (operator === 'lt') return order < 0;
    if (operator === 'lte') return order <= 0;
    if (operator === 'gt') return order > 0;
    return order >= 0;
  };
  return (value: unknown) => holds(compare(value, wanted));
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function comparable(value: unknown, kind: Kind): unknown {
  if (value === null || value === undefined) return null;
  if (kind === 'number') return Number(value);
  if (kind === 'folded') return String(value).toLowerCase();
  return value;
}

function isCondition({ values, negate }: Condition, column: Column): MemoryCondition | undefined {
  const [word] = values;
  if (word === 'null') {
    return { column: column.name, test: (value) => ((value ?? null) === null) !== negate, equals: undefined };
  }
  if (kindOf(column) !== 'boolean') return undefined;
  const wanted = word === 'unknown' ? null : word === 'true';
  return { column: column.name, test: (value) => ((value ?? null) === wanted) !== negate, equals: undefined };
}
