import type pg from 'pg';

/** An open database: two pools over it, and where it is. */
export interface Database {
  /** Connection string of the owner, password included: for tools and connections of their own (LISTEN, workers). Never log it. */
  url: string;
  /** Migrations, jobs and system code: owns the tables, row level security does not bind it. */
  owner: pg.Pool;
  /** Logs in as `authenticator`, which may do nothing but become anon, authenticated or service_role. Strangers' requests run here. */
  requests: pg.Pool;
  /** True where we run the server ourselves. */
  embedded: boolean;
  /** Major version, for example 18. */
  serverVersion: number;
  /** Closes both pools and, where embedded, stops the server. */
  close(): Promise<void>;
}
