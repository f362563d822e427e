import type { QueryResult, QueryResultRow } from 'pg';

/** A pool or a client inside a transaction: whatever runs one statement. */
export interface Queryable {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<R>>;
}
