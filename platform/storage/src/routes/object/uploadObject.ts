import type { FastifyInstance, FastifyRequest } from 'fastify';
import { callerOf, subjectOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { fileRoute, receiveFile } from '../../upload/receiveFile.ts';
import { isUpsert, objectOf } from '../request.ts';

/**
 * POST /object/:bucket/* stores a new file, or replaces one with `x-upsert: true`; PUT replaces or stores. Answers `{Id, Key}`.
 * New files need the right to insert, replacing needs those to read and update.
 */
export function uploadObject(app: FastifyInstance, storage: StorageContext): void {
  const upload = async (request: FastifyRequest, upsert: boolean) => {
    const principal = callerOf(request);
    const { bucket, name } = objectOf(request);
    const { id } = await receiveFile(storage, request, {
      principal,
      bucket,
      name,
      owner: subjectOf(principal),
      upsert,
    });
    return { Id: id, Key: `${bucket}/${name}` };
  };
  app.post('/object/:bucket/*', fileRoute, (request) => upload(request, isUpsert(request)));
  app.put('/object/:bucket/*', fileRoute, (request) => upload(request, true));
}
