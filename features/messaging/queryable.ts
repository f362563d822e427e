import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** A pool or a client inside a transaction: whatever runs one statement. */
export interface Queryable {
  query<R extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<R>>;
  /** With a `name` it is prepared once per connection: for what runs all the time. */
  query<R extends QueryResultRow>(statement: QueryConfig): Promise<QueryResult<R>>;
}
