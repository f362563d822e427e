/** What kept the database from being opened; tests and callers branch on it, people read the message. */
export type DatabaseProblem =
  | 'unsupported_platform'
  | 'binaries'
  | 'account'
  | 'location'
  | 'locked'
  | 'other_major_version'
  | 'initdb'
  | 'start'
  | 'unreachable'
  | 'too_old'
  | 'rights'
  | 'roles';

/**
 * The database cannot be opened. The message is one sentence for the operator: what is wrong and what to do about it.
 * The cause, when there is one, carries the raw output of the failed step.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  readonly problem: DatabaseProblem;

  constructor(problem: DatabaseProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** A migration cannot be applied. The message names the set, the file and, for SQL errors, line and column. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly set: string;
  readonly file: string;

  constructor(set: string, file: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.set = set;
    this.file = file;
  }
}

/** The words of anything that was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node or PostgreSQL error (`ENOENT`, `42P01`), or undefined. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
