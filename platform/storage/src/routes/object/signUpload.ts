import type { FastifyInstance } from 'fastify';
import { callerOf, subjectOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { requireLimits } from '../../objects/buckets.ts';
import { rehearseCommit } from '../../objects/commitObject.ts';
import { signUpload as sign } from '../../signatures.ts';
import { isUpsert, objectOf } from '../request.ts';

/**
 * POST /object/upload/sign/:bucket/* -> `{url, token}`: lets somebody without an account upload this one file within two hours. Needs the
 * rights that the upload itself would need now.
 */
export function signUpload(app: FastifyInstance, storage: StorageContext): void {
  app.post('/object/upload/sign/:bucket/*', async (request) => {
    const principal = callerOf(request);
    const { bucket, name } = objectOf(request);
    await requireLimits(storage.database, bucket);
    const owner = subjectOf(principal);
    const upsert = isUpsert(request);
    await rehearseCommit(storage.database.requests, principal, {
      bucketId: bucket,
      name,
      owner,
      version: crypto.randomUUID(),
      metadata: {},
      userMetadata: undefined,
      upsert,
    });
    const token = await sign(storage.tokens, bucket, name, { owner, upsert });
    return { url: `/object/upload/sign/${bucket}/${name}?token=${token}`, token };
  });
}
