import { fileURLToPath } from 'node:url';
import type { Answer, Sent } from './wire.ts';

/** The sentence of an error in any of the surfaces' envelopes: PostgREST and gateway, functions, GoTrue, Storage. */
export function sentenceOf(body: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  for (const name of ['message', 'error', 'msg', 'error_description']) {
    const value: unknown = Reflect.get(parsed, name);
    if (typeof value === 'string' && /\S \S/.test(value)) return value;
  }
  return undefined;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What nobody outside may read: stacks, places on disk, our own SQL, how things are called inside. */
const inside: [string, RegExp][] = [
  ['a stack', /\n\s+at |\\n\s+at .+:\d+:\d+/],
  ['a file of ours', new RegExp(`${root.replaceAll('/', '\\/')}|node_modules|\\.ts:\\d+|file:\\/\\/`)],
  [
    'our SQL',
    /\b(select|insert into|update|delete from)\b[^"]{0,200}\b(public|app|auth|storage|graphile_worker)\.\w+/i,
  ],
  ['a function of the database', /PL\/pgSQL function|SQL function "|\bCONTEXT:/],
  ['an address of the database', /postgres(ql)?:\/\/|ECONNREFUSED/],
  ['a class name', /\b(TypeError|ReferenceError|SyntaxError|DatabaseError|ZodError|RangeError)\b/],
  ['an object that was not written out', /\[object Object\]/],
];

/** Everything that is wrong with an answer to bad input; empty when it is as it should be. */
export function faultsOf(sent: Sent, answer: Answer, secrets: readonly string[]): string[] {
  const faults: string[] = [];
  const { status, body, headers } = answer;
  if (status >= 500) faults.push(`status ${status}`);
  if (status < 200) faults.push(`status ${status}`);
  if (status >= 400 && sent.method !== 'HEAD' && sentenceOf(body) === undefined) faults.push('no sentence');
  // PostgREST answers 405 for more than the method, without Allow.
  if (status === 405 && headers.allow === undefined && !sent.path.startsWith('/rest/v1'))
    faults.push('405 without Allow');
  if (status === 401 && /sign|key|token|jwt|auth|credential|widget/i.test(body) === false && sent.method !== 'HEAD') {
    faults.push('401 that does not say what is missing');
  }
  for (const [what, pattern] of inside) if (status >= 400 && pattern.test(body)) faults.push(`shows ${what}`);
  for (const secret of secrets) if (body.includes(secret)) faults.push('shows a secret');
  return faults;
}
