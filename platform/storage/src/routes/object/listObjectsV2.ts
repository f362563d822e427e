import { runAs } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { type ListCursor, readCursor, writeCursor } from '../../objects/listCursor.ts';
import { bodyOf, bucketOf } from '../request.ts';

const body = z.object({
  prefix: z.string().max(1024).default(''),
  limit: z.number().int().min(1).default(1000),
  cursor: z.string().max(8192).nullish(),
  with_delimiter: z.boolean().default(false),
  sortBy: z
    .object({
      column: z.enum(['name', 'updated_at', 'created_at']),
      order: z.enum(['asc', 'desc']).default('asc'),
    })
    .nullish(),
  exactMatch: z.boolean().optional(),
  noncurrentVersions: z.enum(['exclude', 'include', 'only']).optional(),
  deleteMarkers: z.enum(['exclude', 'include', 'only']).optional(),
});

const MAX_PAGE = 1000;

interface Entry {
  name: string;
  id: string | null;
  version: string | null;
  created_at: Date | null;
  updated_at: Date | null;
  last_accessed_at: Date | null;
  metadata: unknown;
  /** Microseconds matter: two files of one millisecond must not be skipped. */
  sorted_at: string | null;
}

/**
 * POST /object/list-v2/:bucket -> `{folders, objects, hasNext, nextCursor?}`: a page of the names that begin with `prefix`, flat or with
 * everything behind a `/` as one folder. The cursor carries the order of the first page.
 */
export function listObjectsV2(app: FastifyInstance, storage: StorageContext): void {
  app.post('/object/list-v2/:bucket', async (request) => {
    const wanted = bodyOf(request, body);
    const cursor = wanted.cursor ? readCursor(wanted.cursor) : undefined;
    if (wanted.noncurrentVersions === 'only' || wanted.deleteMarkers === 'only') return emptyPage;
    const column = cursor?.column ?? wanted.sortBy?.column ?? 'name';
    const order = cursor?.order ?? wanted.sortBy?.order ?? 'asc';
    const limit = Math.min(wanted.limit, MAX_PAGE);
    const delimiter = wanted.with_delimiter && !wanted.exactMatch ? '/' : '';
    const [found] = await runAs(storage.database.requests, callerOf(request), [
      pageOf(bucketOf(request), wanted.prefix, delimiter, limit + 1, column, order, cursor),
    ]);
    const rows: Entry[] = found?.rows ?? [];
    const entries = wanted.exactMatch ? rows.filter((row) => row.name === wanted.prefix) : rows;
    const page = entries.slice(0, limit);
    const last = page.at(-1);
    const hasNext = entries.length > limit && last !== undefined;
    return {
      hasNext,
      ...(hasNext ? { nextCursor: writeCursor({ column, order, after: last.name, afterAt: last.sorted_at }) } : {}),
      folders: page.filter((row) => row.id === null).map(folderAnswer),
      objects: page.filter((row) => row.id !== null).map(objectAnswer),
    };
  });
}

const emptyPage = { hasNext: false, folders: [], objects: [] };

function pageOf(
  bucket: string,
  prefix: string,
  delimiter: string,
  limit: number,
  column: ListCursor['column'],
  order: ListCursor['order'],
  cursor: ListCursor | undefined,
) {
  const descending = order === 'desc';
  const shared = 'name, id, version, created_at, updated_at, last_accessed_at, metadata';
  if (column === 'name') {
    return {
      name: 'storage_list_by_name',
      text: `select ${shared}, null as sorted_at from storage.list_entries($1, $2, $3, $4, $5, $6)`,
      values: [bucket, prefix, delimiter, limit, cursor?.after ?? null, descending],
    };
  }
  return {
    name: 'storage_list_by_time',
    text: `select ${shared}, sorted_at::text from storage.list_entries_by_time($1, $2, $3, $4, $5, $6, $7::timestamptz, $8)`,
    values: [bucket, prefix, delimiter, limit, column, descending, cursor?.afterAt ?? null, cursor?.after ?? null],
  };
}

/** `key` is the last part of the name. */
function folderAnswer({ name }: Entry) {
  return { name, key: name.replace(/\/$/, '').replace(/^.*\//, '') };
}

function objectAnswer({ sorted_at: _, ...entry }: Entry) {
  return { ...entry, key: entry.name.replace(/^.*\//, '') };
}
