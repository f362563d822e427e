/** One row of pg_policy, its expressions as SQL text with every name qualified. */
export interface PolicyRow {
  permissive: boolean;
  /** r select, a insert, w update, d delete, * all. */
  command: string;
  using: string | null;
  check: string | null;
  /** Those of the request roles that it applies to. */
  roles: string[] | null;
}

/** What row level security says of a row: yes or no for all rows, or SQL over the row's columns. */
export type PolicyTest = boolean | string;

/**
 * The condition that row level security puts on rows of a table, as PostgreSQL combines it (CREATE POLICY, "Application of multiple
 * policies"): at least one permissive policy, and every restrictive one. Evaluated over a row that is not in the table: a deleted one, or
 * one that only asks whether it could be inserted.
 */
export function policyTest(policies: readonly PolicyRow[], role: string, command: 'select' | 'insert'): PolicyTest {
  const letter = command === 'select' ? 'r' : 'a';
  const applying = policies.filter(
    (policy) => (policy.command === letter || policy.command === '*') && policy.roles?.includes(role),
  );
  const expressionOf = (policy: PolicyRow) => (command === 'insert' ? (policy.check ?? policy.using) : policy.using);
  const permissive = applying.filter((policy) => policy.permissive).map(expressionOf);
  const restrictive = applying.filter((policy) => !policy.permissive).map(expressionOf);
  const granted = permissive.filter((expression) => expression !== null);
  if (granted.length === 0) return false;
  const all = [granted.map((expression) => `(${expression})`).join(' or '), ...restrictive.filter((e) => e !== null)];
  return all.map((expression) => `(${expression})`).join(' and ');
}
