import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Authenticate, callerOrNobody } from '../../caller.ts';
import { asSystem, type StorageContext } from '../../context.ts';
import { sendObject } from '../../download/sendObject.ts';
import { noSuchBucket } from '../../errors.ts';
import { findLimits } from '../../objects/buckets.ts';
import { requireObject } from '../../objects/findObject.ts';
import { downloadQuery, objectOf, queryOf } from '../request.ts';

/**
 * GET and HEAD /object/:bucket/* and /object/authenticated/:bucket/*. Whoever may read the row reads the file; anyone reads a public
 * bucket.
 */
export function getObject(app: FastifyInstance, storage: StorageContext, who: Authenticate): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { bucket, name } = objectOf(request);
    const { download } = queryOf(request, downloadQuery);
    const reader = await readerOf(storage, request, who, bucket);
    const find = () => requireObject(storage.database, reader, bucket, name);
    return await sendObject(storage, request, reply, { find, download });
  };
  for (const url of ['/object/:bucket/*', '/object/authenticated/:bucket/*']) {
    app.route({ method: ['GET', 'HEAD'], url, compress: false, handler });
  }
}

/** The caller, or the system where the bucket is public. A private bucket does not exist for strangers. */
export async function readerOf(storage: StorageContext, request: FastifyRequest, who: Authenticate, bucket: string) {
  const { principal, refused } = await callerOrNobody(request, who);
  request.principal = principal ?? null;
  const limits = await findLimits(storage.database, bucket);
  if (limits?.public) return asSystem;
  if (refused !== undefined) throw refused;
  if (limits === undefined || principal === undefined) throw noSuchBucket();
  return principal;
}
