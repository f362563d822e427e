import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalidJson } from './errors.ts';

/** Levels of a JSON body. Ten thousand would overflow the stack of whoever writes them out again, ours and PostgreSQL's. */
const DEEPEST = 200;

export type JsonParser = (
  request: FastifyRequest,
  body: string,
  done: (error: Error | null, value?: unknown) => void,
) => void;

/** Fastify's own JSON parser, for a content type parser; it refuses `__proto__` and `constructor.prototype`, and nesting without end. */
export function jsonParser(app: FastifyInstance): JsonParser {
  const parse = app.getDefaultJsonParser('error', 'error');
  return (request, body, done) => {
    if (isNestedDeeper(body, DEEPEST))
      done(invalidJson(`The body is nested more than ${DEEPEST} levels deep: flatten it.`));
    else parse(request, body, done);
  };
}

const QUOTE = 34;
const BACKSLASH = 92;

/** Whether a JSON text has more than so many arrays and objects in each other; brackets inside of strings do not count. */
export function isNestedDeeper(text: string, levels: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    // [ and {, ] and }: each pair differs in one bit.
    else if ((code | 32) === 123) {
      depth += 1;
      if (depth > levels) return true;
    } else if ((code | 32) === 125) depth -= 1;
  }
  return false;
}
