/** The document at the root: what this caller can reach. */
import { z } from 'zod';
import type { OpenApiOptions } from '../engine.ts';
import { mediaTypesUnavailable } from '../errors.ts';
import { type Execution, executeStatements } from '../execute/execute.ts';
import type { ApiRequest } from '../request/apiRequest.ts';
import { contentType, mediaTypeName } from '../request/mediaType.ts';
import { type Answer, answer } from '../response/answer.ts';
import { keyOf, type SchemaCache } from '../schema/types.ts';
import { document } from './document.ts';

const tablesSql = `
select coalesce(json_agg(c.relname), '[]')::text as names
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = $1 and c.relkind in ('r', 'v', 'm', 'f', 'p')
  and (pg_has_role(c.relowner, 'USAGE')
    or has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')
    or has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE'))`;

const functionsSql = `
select coalesce(json_agg(distinct p.proname), '[]')::text as names
from pg_proc p join pg_namespace n on n.oid = p.pronamespace
where n.nspname = $1 and has_function_privilege(p.oid, 'EXECUTE')`;

const descriptionSql = `
select to_json(obj_description(oid, 'pg_namespace'))::text as names from pg_namespace where nspname = $1`;

const row = z.object({ names: z.string().nullable() });
const names = z.array(z.string());

/** Throws PGRST107 for other media types than JSON. */
export const openApiAnswer = async (
  request: ApiRequest,
  cache: SchemaCache,
  execution: Execution,
  options: OpenApiOptions,
): Promise<Answer> => {
  const { schema, accept } = request;
  if (!accept.some(({ kind }) => kind === 'openapi' || kind === 'json' || kind === 'any')) {
    throw mediaTypesUnavailable(accept.map(mediaTypeName));
  }
  const values = [schema];
  const results = await executeStatements(execution, [
    { text: tablesSql, values, name: 'rest_openapi_tables' },
    { text: functionsSql, values, name: 'rest_openapi_functions' },
    { text: descriptionSql, values, name: 'rest_openapi_description' },
  ]);
  const [tables, functions, description] = results.map((result) => {
    const [found] = z.array(row).parse(result.rows);
    const parsed: unknown = JSON.parse(found?.names ?? 'null');
    return parsed;
  });
  const all = options.mode === 'ignore-privileges';
  const reachableTables = new Set(names.parse(tables).map((name) => keyOf({ schema, name })));
  const reachableFunctions = new Set(names.parse(functions).map((name) => keyOf({ schema, name })));
  const body = document({
    title: z.string().nullable().parse(description),
    tables: [...cache.tables].flatMap(([key, table]) =>
      table.schema === schema && (all || reachableTables.has(key)) ? [table] : [],
    ),
    routines: [...cache.routines].flatMap(([key, [first]]) =>
      first?.schema === schema && (all || reachableFunctions.has(key)) ? [first] : [],
    ),
    cache,
    serverUrl: options.serverUrl,
    security: options.security ?? false,
  });
  const headers: Record<string, string> = { 'content-type': contentType({ kind: 'openapi' }) };
  if (request.namesSchema) headers['content-profile'] = schema;
  const headersOnly = request.action.kind === 'root' && request.action.headersOnly;
  return answer(200, headers, headersOnly ? undefined : JSON.stringify(body));
};
