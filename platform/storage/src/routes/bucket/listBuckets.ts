import { runAs } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { type BucketRow, bucketAnswer, bucketColumns } from '../../objects/buckets.ts';
import { queryOf } from '../request.ts';

/** Names in the same order on every server, as objects have it. */
const columns = {
  id: 'id collate "C"',
  name: 'name collate "C"',
  created_at: 'created_at',
  updated_at: 'updated_at',
} as const;

const query = z.object({
  limit: z.coerce.number().int().min(1).max(1000).optional(),
  offset: z.coerce.number().int().min(0).max(1_000_000).optional(),
  search: z.string().max(100).optional(),
  sortColumn: z.enum(['id', 'name', 'created_at', 'updated_at']).optional(),
  sortOrder: z.enum(['asc', 'desc']).optional(),
});

/** GET /bucket: the buckets that the caller may read. `search` is part of the name, without case. */
export function listBuckets(app: FastifyInstance, storage: StorageContext): void {
  app.get('/bucket', async (request) => {
    const { limit, offset = 0, search = '', sortColumn = 'id', sortOrder = 'asc' } = queryOf(request, query);
    const [found] = await runAs(storage.database.requests, callerOf(request), [
      {
        // What is put into the text comes from the lists above.
        text: `select ${bucketColumns} from storage.buckets
               where position(lower($1) in lower(name)) > 0
               order by ${columns[sortColumn]} ${sortOrder}, id limit $2 offset $3`,
        values: [search, limit ?? null, offset],
      },
    ]);
    const rows: BucketRow[] = found?.rows ?? [];
    return rows.map((row) => ({ ...bucketAnswer(row), type: 'STANDARD' }));
  });
}
