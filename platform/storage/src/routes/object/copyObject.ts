import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf, subjectOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { requireBucketName, requireObjectName } from '../../names.ts';
import { copyStored } from '../../objects/copyStored.ts';
import { cacheControlOf, encodingOf, headerOf, metadataFromHeader } from '../../upload/fileHeaders.ts';
import { bodyOf, isUpsert, refuseVersions } from '../request.ts';
import { objectAnswer } from './objectAnswer.ts';

const body = z.object({
  bucketId: z.string(),
  sourceKey: z.string(),
  destinationKey: z.string(),
  destinationBucket: z.string().optional(),
  sourceVersionId: z.string().optional(),
  copyMetadata: z.boolean().optional(),
  metadata: z
    .object({
      cacheControl: z.string().optional(),
      mimetype: z.string().max(255).optional(),
      contentEncoding: z.string().optional(),
    })
    .optional(),
});

/**
 * POST /object/copy -> `{Key, Id, ...row}`. With `copyMetadata: false` the copy takes `metadata` and the `x-metadata` header instead of the
 * source's; with `x-upsert: true` it may replace a file, also itself. Needs the right to read the source and those of an upload.
 */
export function copyObject(app: FastifyInstance, storage: StorageContext): void {
  app.post('/object/copy', { config: { timeoutMs: 0 } }, async (request) => {
    const wanted = bodyOf(request, body);
    refuseVersions(wanted.sourceVersionId);
    const principal = callerOf(request);
    const changes = wanted.copyMetadata === false ? wanted.metadata : undefined;
    const row = await copyStored(storage, {
      principal,
      owner: subjectOf(principal),
      from: { bucket: requireBucketName(wanted.bucketId), name: requireObjectName(wanted.sourceKey) },
      to: {
        bucket: requireBucketName(wanted.destinationBucket ?? wanted.bucketId),
        name: requireObjectName(wanted.destinationKey),
      },
      upsert: isUpsert(request),
      changes: {
        mimetype: changes?.mimetype,
        cacheControl: changes?.cacheControl === undefined ? undefined : cacheControlOf(changes.cacheControl),
        contentEncoding: encodingOf(changes?.contentEncoding),
      },
      userMetadata:
        wanted.copyMetadata === false ? { replace: metadataFromHeader(headerOf(request, 'x-metadata')) } : 'keep',
    });
    return { ...objectAnswer(row), Id: row.id, Key: `${row.bucket_id}/${row.name}` };
  });
}
