import type { FastifyInstance } from 'fastify';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { noSuchBucket } from '../../errors.ts';
import { bucketAnswer, findBucket } from '../../objects/buckets.ts';
import { bucketOf } from '../request.ts';

/** GET /bucket/:id. Needs the right to read the bucket. */
export function getBucket(app: FastifyInstance, storage: StorageContext): void {
  app.get('/bucket/:bucket', async (request) => {
    const row = await findBucket(storage.database, callerOf(request), bucketOf(request));
    if (row === undefined) throw noSuchBucket();
    return bucketAnswer(row);
  });
}
