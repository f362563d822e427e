import { z } from 'zod';
import { invalidRequest } from '../errors.ts';

/** Where a page ended and in what order. */
export interface ListCursor {
  column: 'name' | 'created_at' | 'updated_at';
  order: 'asc' | 'desc';
  /** Name of the last entry. */
  after: string;
  /** Its time as PostgreSQL writes it; null when listing by name. */
  afterAt: string | null;
}

const shape = z.object({
  column: z.enum(['name', 'created_at', 'updated_at']),
  order: z.enum(['asc', 'desc']),
  after: z.string().max(2048),
  afterAt: z
    .string()
    .regex(/^[\d\-:. +]{10,40}$/)
    .nullable(),
});

/** An opaque text for the client. It grants nothing: the next page is read under the caller's own policies again. */
export function writeCursor(cursor: ListCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Throws InvalidRequest for anything that writeCursor has not made. */
export function readCursor(text: string): ListCursor {
  try {
    const cursor = shape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if ((cursor.column === 'name') === (cursor.afterAt === null) && !cursor.after.includes('\0')) return cursor;
  } catch (cause) {
    throw invalidCursor(cause);
  }
  throw invalidCursor();
}

function invalidCursor(cause?: unknown) {
  return invalidRequest('The cursor is not valid: pass nextCursor of the page before', { cause });
}
