/** What SQL can read about a request, and what holds for its transaction. */
import type { RunsAs, Settings } from '@connectgain/postgres';
import type { Plan } from '../plan/plan.ts';
import type { ApiRequest, HttpRequest } from '../request/apiRequest.ts';
import type { SchemaCache } from '../schema/types.ts';
import { identifiers } from '../sql/identifier.ts';

export interface SettingsRules {
  /** Schemas after the request's own on the search path; the login's own path when absent. */
  extraSearchPath: readonly string[] | undefined;
  /** Schema that the login's own path begins with. */
  firstSchema: string | undefined;
  /** Settings of the server's configuration, such as `app.settings.key`. */
  app: Settings;
}

/** @param timezone a name that PostgreSQL knows */
export const settingsOf = (
  http: HttpRequest,
  request: ApiRequest,
  plan: Plan | undefined,
  principal: RunsAs,
  cache: SchemaCache,
  rules: SettingsRules,
  timezone: string | undefined,
): Settings => {
  const role = cache.roles.get(principal.role);
  const routine = plan?.kind === 'call' ? plan.call.routine.settings : [];
  const { headers, cookies } = headersAndCookies(http.headers);
  return {
    ...role?.settings,
    ...searchPath(request.schema, cache, rules),
    'request.method': http.method,
    'request.path': http.path,
    'request.headers': headers,
    'request.cookies': cookies,
    ...(timezone === undefined ? undefined : { timezone }),
    ...(routine.length === 0 ? undefined : Object.fromEntries(routine.filter(([name]) => !isIsolation(name)))),
    ...rules.app,
  };
};

const searchPath = (
  schema: string,
  cache: SchemaCache,
  { extraSearchPath, firstSchema }: SettingsRules,
): Settings | undefined => {
  if (extraSearchPath !== undefined) return { search_path: identifiers([schema, ...extraSearchPath]) };
  return schema === firstSchema ? undefined : { search_path: `${identifiers([schema])}, ${cache.searchPath}` };
};

const isIsolation = (name: string): boolean => name === 'default_transaction_isolation';

/** The isolation level of the transaction, where a function or a role asks for one. */
export const isolationOf = (plan: Plan | undefined, principal: RunsAs, cache: SchemaCache): string | undefined => {
  const asked =
    (plan?.kind === 'call' ? plan.call.routine.isolation : null) ?? cache.roles.get(principal.role)?.isolation;
  return asked !== undefined && asked !== null && asked !== 'read committed' ? asked : undefined;
};

const headersAndCookies = (sent: HttpRequest['headers']): { headers: string; cookies: string } => {
  const { cookie, ...headers } = sent;
  if (cookie === undefined) return { headers: JSON.stringify(sent), cookies: '{}' };
  return { headers: JSON.stringify(headers), cookies: JSON.stringify(parseCookies(String(cookie))) };
};

const parseCookies = (header: string): Record<string, string> =>
  Object.fromEntries(
    header.split(';').flatMap((part) => {
      const equals = part.indexOf('=');
      return equals === -1 ? [] : [[part.slice(0, equals).trim(), part.slice(equals + 1).trim()]];
    }),
  );
