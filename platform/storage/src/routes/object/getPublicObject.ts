import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asSystem, type StorageContext } from '../../context.ts';
import { sendObject } from '../../download/sendObject.ts';
import { noSuchBucket } from '../../errors.ts';
import { requireLimits } from '../../objects/buckets.ts';
import { requireObject } from '../../objects/findObject.ts';
import { downloadQuery, objectOf, queryOf } from '../request.ts';

/** GET and HEAD /object/public/:bucket/*: files of public buckets, for anyone. */
export function getPublicObject(app: FastifyInstance, storage: StorageContext): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { bucket, name } = objectOf(request);
    const { download } = queryOf(request, downloadQuery);
    await requirePublic(storage, bucket);
    const find = () => requireObject(storage.database, asSystem, bucket, name);
    return await sendObject(storage, request, reply, { find, download });
  };
  app.route({ method: ['GET', 'HEAD'], url: '/object/public/:bucket/*', compress: false, handler });
}

/** A private bucket does not exist under public URLs. */
export async function requirePublic(storage: StorageContext, bucket: string): Promise<void> {
  const limits = await requireLimits(storage.database, bucket);
  if (!limits.public) throw noSuchBucket();
}
