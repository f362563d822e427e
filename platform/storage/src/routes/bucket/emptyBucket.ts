import { runAs } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { noSuchBucket } from '../../errors.ts';
import { findBucket } from '../../objects/buckets.ts';
import { bucketOf } from '../request.ts';

/**
 * POST /bucket/:id/empty: removes the files that the caller may delete. They are gone when this answers; their bytes are removed in the
 * background, which is what the sentence of the hosted service says.
 */
export function emptyBucket(app: FastifyInstance, storage: StorageContext): void {
  app.post('/bucket/:bucket/empty', { config: { timeoutMs: 0 } }, async (request) => {
    const principal = callerOf(request);
    const bucket = bucketOf(request);
    if ((await findBucket(storage.database, principal, bucket)) === undefined) throw noSuchBucket();
    await runAs(storage.database.requests, principal, [
      { text: 'delete from storage.objects where bucket_id = $1', values: [bucket] },
    ]);
    storage.sweeper.soon();
    return { message: 'Empty bucket has been queued. Completion may take up to an hour.' };
  });
}
