import type { Database } from '@connectgain/postgres';

/** The owner's pool: only this room's own code reads or writes the `auth` schema. */
export type Pool = Database['owner'];

/** The pool itself, or a client inside a transaction. */
export type Queryable = Pick<Pool, 'query'>;
