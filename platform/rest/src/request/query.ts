/**
 * The query string as a typed `Query`. Values go to `values`; what is left decides the SQL and is summed up in `shape`:
 * two requests with equal shapes get the same statement with other parameters.
 */
import { LRUCache } from 'lru-cache';
import { tooDeep, unparsable } from '../errors.ts';
import { fastCondition } from './fastCondition.ts';
import { filterCondition, filterOrArgument, logicPath, logicTree, type WrittenCondition } from './filter.ts';
import { names, treePath } from './grammar.ts';
import { orderTerms } from './order.ts';
import { type Parser, parse } from './parser.ts';
import { isWhole, restrict, type WrittenRange, writtenRange } from './range.ts';
import { selectItems } from './select.ts';
import { createSlots, describeCondition, describeLogic } from './slots.ts';
import type { Argument, At, Filter, Logic, OrderTerm, Query, SelectItem, Slot } from './types.ts';
import type { Pair } from './urlEncoding.ts';

/** Deeper groups and embeds are refused: PostgreSQL's own limit would answer as a server error. */
const deepest = 60;

export interface ParsedQuery {
  query: Query;
  /** The root's range as written; the `Range` header and limits of the server come on top. */
  range: WrittenRange;
  values: (string | Buffer | null)[];
  shape: string[];
}

const memo = <T>(size: number, make: (text: string) => T & {}): ((text: string) => T) => {
  const known = new LRUCache<string, T & {}>({
    max: size,
    maxSize: 500_000,
    sizeCalculation: (_, key) => key.length + 1,
  });
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    known.set(text, made);
    return made;
  };
};

const must = <T>(parser: Parser<T>, input: string, title: string, shown = input): T => {
  const result = guarded(() => parse(parser, input, `${title} (${shown})`));
  if (!result.ok) throw unparsable(result.report);
  return result.value;
};

/** A hostile depth of nesting overflows the stack of a recursive parser before any limit can be checked. */
const guarded = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    throw error;
  }
};

export interface QueryOptions {
  /** Parameters without an operator are arguments of a function. */
  argumentsAllowed?: boolean;
  /** Rows of an embed, at most. */
  maxRows?: number;
}

export interface QueryParser {
  parse(pairs: readonly Pair[], options?: QueryOptions): ParsedQuery;
}

/** A parser that remembers the structural parts it has seen. */
export const createQueryParser = (): QueryParser => {
  const select = memo(2000, (text) => {
    const items = must(selectItems, text, 'failed to parse select parameter');
    if (depthOf(items) > deepest) throw tooDeep();
    return items;
  });
  const order = memo(2000, (text) => must(orderTerms, text, 'failed to parse order'));
  const tree = memo(5000, (text) => must(treePath, text, 'failed to parse tree path'));
  const columnNames = memo(1000, (text) => must(names, text, 'failed to parse columns parameter'));
  const conflictNames = memo(1000, (text) => must(names, text, 'failed to parse on_conflict parameter'));

  return {
    parse(pairs, { argumentsAllowed = false, maxRows } = {}) {
      const sorted = sortPairs(pairs);
      const slots = createSlots();
      const filters: At<Filter<Slot>>[] = [];
      const args: Argument[] = [];
      const shape: string[] = [];
      for (const { name, value } of sorted.filters) {
        const { path, field } = tree(name);
        const condition = conditionOf(value, argumentsAllowed);
        if (condition === undefined) {
          args.push({ name: field.name, value: slots.take(value) });
          shape.push('argument', field.name);
          continue;
        }
        filters.push({ path, item: slots.filter(field, condition) });
        shape.push('filter', name, describeCondition(condition));
      }
      const logic: At<Logic<Slot>>[] = [];
      for (const { name, value } of sorted.logic) {
        const { path, operator } = must(logicPath, name, 'failed to parse logic path');
        const written = must(logicTree, operator + value, 'failed to parse logic tree', value);
        if (logicDepth(written) > deepest) throw tooDeep();
        logic.push({ path, item: slots.logic(written) });
        shape.push('logic', JSON.stringify(path), describeLogic(written));
      }
      const selectText = sorted.select ?? '*';
      shape.push('select', selectText);
      const orders: At<readonly OrderTerm[]>[] = [];
      for (const { name, value } of sorted.order) {
        orders.push({ path: levelOf(tree(name)), item: order(value) });
        shape.push('order', name, value);
      }
      const ranges = rangesOf(sorted.ranges);
      const query: Query = {
        select: select(selectText),
        filters,
        logic,
        order: orders,
        ranges: ranges.embedded.map(({ name, range }) => {
          shape.push('range', name, range.limit === undefined ? '' : 'limit', isWhole(range) ? '' : 'offset');
          return { path: levelOf(tree(name)), item: slots.range(restrict(range, maxRows)) };
        }),
        arguments: args,
      };
      if (sorted.columns !== undefined) {
        query.columns = columnNames(sorted.columns);
        shape.push('columns', sorted.columns);
      }
      if (sorted.onConflict !== undefined) {
        query.onConflict = conflictNames(sorted.onConflict);
        shape.push('on_conflict', sorted.onConflict);
      }
      return { query, range: ranges.root, values: slots.values, shape };
    },
  };
};

/** `embed.order` names the level `embed`. */
const levelOf = ({ path }: { path: readonly string[] }): readonly string[] => path;

const conditionOf = (value: string, argumentsAllowed: boolean): WrittenCondition | undefined => {
  const fast = fastCondition(value);
  if (fast !== undefined) return fast;
  return must<WrittenCondition | undefined>(
    argumentsAllowed ? filterOrArgument : filterCondition,
    value,
    'failed to parse filter',
  );
};

interface WrittenPair {
  name: string;
  value: string;
}
interface SortedPairs {
  select?: string;
  columns?: string;
  onConflict?: string;
  filters: WrittenPair[];
  logic: WrittenPair[];
  order: WrittenPair[];
  ranges: WrittenPair[];
}

/** Which parameter means what, by its name or the last word of its path. A parameter without `=` means nothing. */
const sortPairs = (pairs: readonly Pair[]): SortedPairs => {
  const sorted: SortedPairs = { filters: [], logic: [], order: [], ranges: [] };
  for (const { name, value } of pairs) {
    if (value === undefined) continue;
    const pair = { name, value };
    switch (name.slice(name.lastIndexOf('.') + 1)) {
      case 'and':
      case 'or':
        sorted.logic.push(pair);
        break;
      case 'order':
        sorted.order.push(pair);
        break;
      case 'limit':
      case 'offset':
        sorted.ranges.push(pair);
        break;
      default:
        if (name === 'select') sorted.select ??= value;
        else if (name === 'columns') sorted.columns ??= value;
        else if (name === 'on_conflict') sorted.onConflict ??= value;
        else sorted.filters.push(pair);
    }
  }
  return sorted;
};

const rangesOf = (
  pairs: readonly WrittenPair[],
): { root: WrittenRange; embedded: { name: string; range: WrittenRange }[] } => {
  if (pairs.length === 0) return { root: { offset: 0n }, embedded: [] };
  const written = new Map<string, { limit?: string; offset?: string }>();
  for (const { name, value } of pairs) {
    const dot = name.lastIndexOf('.');
    const level = dot === -1 ? '' : name.slice(0, dot + 1);
    const known = written.get(level) ?? {};
    // The last one written counts.
    if (name.endsWith('limit')) known.limit = value;
    else known.offset = value;
    written.set(level, known);
  }
  const root = written.get('');
  written.delete('');
  return {
    root: writtenRange(root?.limit, root?.offset),
    embedded: [...written].map(([level, { limit, offset }]) => ({
      name: `${level}limit`,
      range: writtenRange(limit, offset),
    })),
  };
};

const depthOf = (items: readonly SelectItem[]): number =>
  items.reduce((most, item) => (item.kind === 'field' ? most : Math.max(most, 1 + depthOf(item.children))), 0);

const logicDepth = (logic: Logic<unknown>): number =>
  logic.kind === 'filter' ? 0 : 1 + logic.members.reduce((most, member) => Math.max(most, logicDepth(member)), 0);
