import { runAs } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { keyAlreadyExists, noSuchBucket, noSuchKey } from '../../errors.ts';
import { requireBucketName, requireObjectName } from '../../names.ts';
import { requireLimits } from '../../objects/buckets.ts';
import { requireObject } from '../../objects/findObject.ts';
import { violated } from '../../objects/violated.ts';
import { requireFits } from '../../upload/writeObject.ts';
import { bodyOf, refuseVersions } from '../request.ts';

const body = z.object({
  bucketId: z.string(),
  sourceKey: z.string(),
  destinationKey: z.string(),
  destinationBucket: z.string().optional(),
  sourceVersionId: z.string().optional(),
});

/**
 * POST /object/move: gives a file another name, in this bucket or another. Only the row changes: bytes are stored under their version, not
 * under the name. Needs the rights to read and update the file, and the new name must satisfy the update policy too.
 */
export function moveObject(app: FastifyInstance, storage: StorageContext): void {
  app.post('/object/move', async (request) => {
    const wanted = bodyOf(request, body);
    refuseVersions(wanted.sourceVersionId);
    const principal = callerOf(request);
    const from = { bucket: requireBucketName(wanted.bucketId), name: requireObjectName(wanted.sourceKey) };
    const to = {
      bucket: requireBucketName(wanted.destinationBucket ?? wanted.bucketId),
      name: requireObjectName(wanted.destinationKey),
    };
    const source = await requireObject(storage.database, principal, from.bucket, from.name);
    if (to.bucket !== from.bucket) {
      requireFits(storage, await requireLimits(storage.database, to.bucket), source.metadata);
    }
    try {
      const [result] = await runAs(storage.database.requests, principal, [
        {
          text: 'update storage.objects set bucket_id = $3, name = $4 where bucket_id = $1 and name = $2',
          values: [from.bucket, from.name, to.bucket, to.name],
        },
      ]);
      if (!result?.rowCount) throw noSuchKey();
    } catch (error) {
      if (violated(error, 'objects_bucket_id_name_key')) throw keyAlreadyExists();
      if (violated(error, 'objects_bucket_id_fkey')) throw noSuchBucket();
      throw error;
    }
    return { message: 'Successfully moved', Id: source.id, Key: `${to.bucket}/${to.name}` };
  });
}
