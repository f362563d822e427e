import { runAs } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { noSuchBucket } from '../../errors.ts';
import { bodyOf, bucketOf } from '../request.ts';
import { limitFields, parseAllowedTypes, parseSizeLimit, refuseVersioning } from './bucketLimits.ts';

const body = z.object(limitFields);

/** PUT /bucket/:id; what the body leaves out stays, null takes a limit away. Needs the rights to read and update the bucket. */
export function updateBucket(app: FastifyInstance, storage: StorageContext): void {
  app.put('/bucket/:bucket', async (request) => {
    const change = bodyOf(request, body);
    refuseVersioning(change.versioning_status);
    const limit = change.file_size_limit;
    const types = change.allowed_mime_types;
    const [result] = await runAs(storage.database.requests, callerOf(request), [
      {
        text: `update storage.buckets set
                 public = coalesce($2, public),
                 file_size_limit = case when $3 then $4 else file_size_limit end,
                 allowed_mime_types = case when $5 then $6 else allowed_mime_types end
               where id = $1`,
        values: [
          bucketOf(request),
          change.public ?? null,
          limit !== undefined,
          limit === undefined ? null : parseSizeLimit(limit),
          types !== undefined,
          types === undefined ? null : parseAllowedTypes(types),
        ],
      },
    ]);
    if (!result?.rowCount) throw noSuchBucket();
    return { message: 'Successfully updated' };
  });
}
