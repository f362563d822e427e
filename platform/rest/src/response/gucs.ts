/** `response.status` and `response.headers`: what SQL set about the answer. */
import { badResponseHeaders, badResponseStatus } from '../errors.ts';
import { type Answer, headerSafe } from './answer.ts';

/** Throws PGRST111 or PGRST112 for settings that are no status and no headers. */
export const withSettings = (
  made: Answer,
  said: { status: string | undefined; headers: string | undefined },
): Answer => {
  const status = said.status === undefined ? made.status : statusOf(said.status);
  if (said.headers === undefined) return status === made.status ? made : { ...made, status };
  const extra = headersOf(said.headers);
  const replaced = new Set(extra.map(([name]) => name.toLowerCase()));
  const kept = Object.entries(made.headers).filter(([name]) => !replaced.has(name));
  return { ...made, status, headers: Object.fromEntries(kept), repeated: [...made.repeated, ...extra] };
};

const statusOf = (text: string): number => {
  const status = /^\d+/.exec(text)?.[0];
  if (status === undefined || Number(status) < 200 || Number(status) > 599) throw badResponseStatus();
  return Number(status);
};

const headersOf = (text: string): [string, string][] => {
  const list = parse(text);
  if (!Array.isArray(list)) throw badResponseHeaders();
  return list.map((item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw badResponseHeaders();
    const [entry, ...others] = Object.entries(item);
    if (entry === undefined || others.length > 0) throw badResponseHeaders();
    const [name, value] = entry;
    if (typeof value !== 'string' || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw badResponseHeaders();
    return [name, headerSafe(value)];
  });
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw badResponseHeaders();
  }
};
