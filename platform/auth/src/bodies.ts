import { invalidJson, jsonParser } from '@connectgain/http';
import type { FastifyInstance } from 'fastify';
import type { ZodType } from 'zod';
import { z } from 'zod';
import { validationFailed } from './errors.ts';

/** Bytes of a body on this surface; the largest thing in one is `data`. */
export const BODY_LIMIT = 64 * 1024;

/**
 * Bodies whose content type says something else than JSON. GoTrue reads JSON whatever the header says (curl without `-H` sends
 * `application/x-www-form-urlencoded`), and OAuth clients send real forms to `/token`.
 */
export function installBodies(app: FastifyInstance): void {
  const parseJson = jsonParser(app);
  app.addContentTypeParser<string>('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else if (/^\s*[[{"]/.test(body)) parseJson(request, body, done);
    else if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      done(null, Object.fromEntries(new URLSearchParams(body)));
    } else done(invalidJson());
  });
}

/** The body as the schema's type; no body counts as `{}`. 400 `validation_failed` names the first field that is wrong. */
export function readBody<T>(schema: ZodType<T>, body: unknown): T {
  return read(schema, body ?? {}, 'The body must be a JSON object');
}

/** The query string as the schema's type. */
export function readQuery<T>(schema: ZodType<T>, query: unknown): T {
  return read(schema, query, 'The query string is not valid');
}

function read<T>(schema: ZodType<T>, value: unknown, whole: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  throw validationFailed(field === '' ? `${whole}.` : `"${field}": ${issue?.message ?? 'not valid'}.`);
}

/** Text that PostgreSQL can store: it has no character U+0000. */
export const text = z.string().refine((value) => !value.includes('\u0000'), 'must not contain the character U+0000');

/** Free-form metadata: an object, kept as sent. */
export const metadata = z
  .record(z.string(), z.unknown())
  .refine((value) => !JSON.stringify(value).includes('\\u0000'), 'must not contain the character U+0000');
