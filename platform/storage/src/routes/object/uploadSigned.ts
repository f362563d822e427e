import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { asSystem, type StorageContext } from '../../context.ts';
import { verifyUpload } from '../../signatures.ts';
import { fileRoute, receiveFile } from '../../upload/receiveFile.ts';
import { objectOf, queryOf } from '../request.ts';

const query = z.object({ token: z.string() });

/**
 * PUT /object/upload/sign/:bucket/*?token= stores a file for the holder of a signed upload URL. Policies were asked when the URL was made,
 * so the row is written as the system, in the name of whoever asked for it.
 */
export function uploadSigned(app: FastifyInstance, storage: StorageContext): void {
  app.put('/object/upload/sign/:bucket/*', fileRoute, async (request) => {
    const { bucket, name } = objectOf(request);
    const grant = await verifyUpload(storage.tokens, queryOf(request, query).token, bucket, name);
    const { id } = await receiveFile(storage, request, {
      principal: asSystem,
      bucket,
      name,
      owner: grant.owner,
      upsert: grant.upsert,
    });
    return { Id: id, Key: `${bucket}/${name}` };
  });
}
