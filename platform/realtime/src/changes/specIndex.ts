import type { Table } from './catalog.ts';
import { equalityKey } from './filterInMemory.ts';
import type { Spec } from './subscriptions.ts';

export interface SpecIndex {
  add(spec: Spec): void;
  remove(spec: Spec): void;
  /**
   * Specs of a table and event whose memory conditions hold for the row. Specs with an `eq` condition are looked up by its value,
   * so that a thousand agents, each following one conversation, cost one lookup per row.
   */
  candidates(table: Table, event: 'INSERT' | 'UPDATE' | 'DELETE', row: Readonly<Record<string, unknown>>): Spec[];
}

interface Bucket {
  plain: Set<Spec>;
  /** Column, then value. */
  byEquality: Map<string, Map<string, Set<Spec>>>;
}

/** A line break cannot be confused with a dot in a name. */
export function patternOf(schema: string, table: string): string {
  return `${schema}\n${table}`;
}

export function createSpecIndex(): SpecIndex {
  /** By pattern: of one table, of a schema, of a name in every schema, of everything. */
  const buckets = new Map<string, Bucket>();

  const bucketOf = (pattern: string): Bucket => {
    const bucket = buckets.get(pattern) ?? { plain: new Set(), byEquality: new Map() };
    buckets.set(pattern, bucket);
    return bucket;
  };

  return {
    add(spec) {
      const bucket = bucketOf(spec.pattern);
      const equality = equalityOf(spec);
      if (!equality) {
        bucket.plain.add(spec);
        return;
      }
      const byValue = bucket.byEquality.get(equality.column) ?? new Map<string, Set<Spec>>();
      bucket.byEquality.set(equality.column, byValue);
      const specs = byValue.get(equality.value) ?? new Set();
      byValue.set(equality.value, specs.add(spec));
    },
    remove(spec) {
      const bucket = bucketOf(spec.pattern);
      bucket.plain.delete(spec);
      const equality = equalityOf(spec);
      if (equality) {
        const byValue = bucket.byEquality.get(equality.column);
        const specs = byValue?.get(equality.value);
        specs?.delete(spec);
        if (specs?.size === 0) byValue?.delete(equality.value);
        if (byValue?.size === 0) bucket.byEquality.delete(equality.column);
      }
      if (bucket.plain.size === 0 && bucket.byEquality.size === 0) buckets.delete(spec.pattern);
    },
    candidates(table, event, row) {
      const found: Spec[] = [];
      const consider = (spec: Spec) => {
        if (spec.event !== '*' && spec.event !== event) return;
        if (spec.filter?.memory.every((condition) => condition.test(row[condition.column])) ?? true) found.push(spec);
      };
      for (const schema of [table.schema, '*']) {
        for (const name of [table.name, '*']) {
          const bucket = buckets.get(patternOf(schema, name));
          if (!bucket) continue;
          bucket.plain.forEach(consider);
          for (const [columnName, byValue] of bucket.byEquality) {
            const column = table.byName.get(columnName);
            const value = row[columnName];
            if (!column || value === null || value === undefined) continue;
            byValue.get(equalityKey(column, value))?.forEach(consider);
          }
        }
      }
      return found;
    },
  };
}

function equalityOf(spec: Spec): { column: string; value: string } | undefined {
  const condition = spec.filter?.memory.find(({ equals }) => equals !== undefined);
  return condition?.equals === undefined ? undefined : { column: condition.column, value: condition.equals };
}
