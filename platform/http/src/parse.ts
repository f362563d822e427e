import type { ZodError, ZodType } from 'zod';
import { z } from 'zod';
import { type ApiError, type ErrorExtras, validationError } from './errors.ts';

/**
 * `value` as the schema's type, or the catalogue's validation error naming the first field that is wrong (and all of them in
 * `details.issues`). `extras.status` replaces 422 where an endpoint is documented with 400.
 */
export function parse<T>(schema: ZodType<T>, value: unknown, extras: ErrorExtras = {}): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw validationFromZod(result.error, extras);
}

export function isZodError(error: unknown): error is ZodError {
  return error instanceof z.ZodError;
}

/** 422 in the documented shape: `details: {field, message}`, plus `issues` when there are several. */
export function validationFromZod(error: ZodError, extras: ErrorExtras = {}): ApiError {
  const issues = error.issues.map((issue) => ({
    field: issue.path.map(String).join('.') || 'body',
    message: issue.message,
  }));
  const [first] = issues;
  const details = issues.length > 1 ? { ...first, issues } : { ...first };
  return validationError(undefined, { ...extras, details });
}
