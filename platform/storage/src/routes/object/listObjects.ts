import { runAs } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { bodyOf, bucketOf } from '../request.ts';

const body = z.object({
  prefix: z.string().max(1024).default(''),
  limit: z.number().int().min(1).max(10_000).default(100),
  offset: z.number().int().min(0).max(1_000_000).default(0),
  search: z.string().max(1024).nullish(),
  sortBy: z
    .object({
      column: z.enum(['name', 'updated_at', 'created_at', 'last_accessed_at']).default('name'),
      order: z.enum(['asc', 'desc', 'ASC', 'DESC']).default('asc'),
    })
    .nullish(),
  exactMatch: z.boolean().optional(),
  noncurrentVersions: z.enum(['exclude', 'include', 'only']).optional(),
  deleteMarkers: z.enum(['exclude', 'include', 'only']).optional(),
});

/**
 * POST /object/list/:bucket: files and folders right under the folder `prefix`, as far as the caller may see them. Folders have a null id.
 * `search` is the beginning of the name, without case. Old versions and delete markers are never kept, so asking for only those is empty.
 */
export function listObjects(app: FastifyInstance, storage: StorageContext): void {
  app.post('/object/list/:bucket', async (request) => {
    const wanted = bodyOf(request, body);
    if (wanted.noncurrentVersions === 'only' || wanted.deleteMarkers === 'only') return [];
    const bucket = bucketOf(request);
    const statement = wanted.exactMatch
      ? {
          text: `select regexp_replace(name, '^.*/', '') as name, id, updated_at, created_at, last_accessed_at, metadata
                 from storage.objects where bucket_id = $1 and name = $2`,
          values: [bucket, wanted.prefix],
        }
      : {
          name: 'storage_search',
          text: 'select * from storage.search($1, $2, $3, 1, $4, $5, $6, $7)',
          values: [
            wanted.prefix === '' || wanted.prefix.endsWith('/') ? wanted.prefix : `${wanted.prefix}/`,
            bucket,
            wanted.limit,
            wanted.offset,
            wanted.search ?? '',
            wanted.sortBy?.column ?? 'name',
            wanted.sortBy?.order ?? 'asc',
          ],
        };
    const [found] = await runAs(storage.database.requests, callerOf(request), [statement]);
    return found?.rows ?? [];
  });
}
