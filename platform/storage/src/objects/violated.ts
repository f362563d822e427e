import { isPostgresError } from '@connectgain/http';

/** Did the database refuse because of this constraint? */
export function violated(error: unknown, constraint: string): boolean {
  return isPostgresError(error) && error.constraint === constraint;
}
