import { runAs } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { bucketNotEmpty, noSuchBucket } from '../../errors.ts';
import { violated } from '../../objects/violated.ts';
import { bucketOf } from '../request.ts';

/** DELETE /bucket/:id, only when it has no files, seen or unseen. Needs the rights to read and delete the bucket. */
export function deleteBucket(app: FastifyInstance, storage: StorageContext): void {
  app.delete('/bucket/:bucket', async (request) => {
    try {
      const [result] = await runAs(storage.database.requests, callerOf(request), [
        { text: 'delete from storage.buckets where id = $1', values: [bucketOf(request)] },
      ]);
      if (!result?.rowCount) throw noSuchBucket();
    } catch (error) {
      if (violated(error, 'objects_bucket_id_fkey')) throw bucketNotEmpty();
      throw error;
    }
    return { message: 'Successfully deleted' };
  });
}
