import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Authenticate } from '../../caller.ts';
import { asSystem, type StorageContext } from '../../context.ts';
import { requireObject } from '../../objects/findObject.ts';
import type { ObjectRow } from '../../objects/objectRow.ts';
import { objectOf, queryOf, refuseVersions } from '../request.ts';
import { readerOf } from './getObject.ts';
import { requirePublic } from './getPublicObject.ts';

const query = z.object({ versionId: z.string().optional() });

/** GET and HEAD /object/info/:bucket/*, /object/info/authenticated/... and /object/info/public/...: what the row says about a file. */
export function objectInfo(app: FastifyInstance, storage: StorageContext, who: Authenticate): void {
  for (const url of ['/object/info/:bucket/*', '/object/info/authenticated/:bucket/*']) {
    app.get(url, async (request, reply) => {
      const { bucket, name } = objectOf(request);
      refuseVersions(queryOf(request, query).versionId);
      const reader = await readerOf(storage, request, who, bucket);
      return answer(reply, await requireObject(storage.database, reader, bucket, name));
    });
  }
  app.get('/object/info/public/:bucket/*', async (request, reply) => {
    const { bucket, name } = objectOf(request);
    await requirePublic(storage, bucket);
    return answer(reply, await requireObject(storage.database, asSystem, bucket, name));
  });
}

function answer(reply: FastifyReply, row: ObjectRow) {
  reply.header('cache-control', 'no-cache');
  if (row.metadata?.eTag !== undefined) reply.header('etag', row.metadata.eTag);
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    bucket_id: row.bucket_id,
    size: row.metadata?.size ?? null,
    content_type: row.metadata?.mimetype ?? null,
    content_encoding: row.metadata?.contentEncoding ?? null,
    cache_control: row.metadata?.cacheControl ?? null,
    etag: row.metadata?.eTag ?? null,
    metadata: row.user_metadata ?? {},
    last_modified: row.updated_at.toISOString(),
    created_at: row.created_at.toISOString(),
  };
}
