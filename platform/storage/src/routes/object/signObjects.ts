import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { findNames } from '../../objects/findObject.ts';
import { signDownload } from '../../signatures.ts';
import { bodyOf, bucketOf } from '../request.ts';
import { expiresIn } from './signObject.ts';

const body = z.object({ expiresIn, paths: z.array(z.string()).max(20_000) });

/** The sentence of the hosted service: it must not tell a missing file from a hidden one. */
const unavailableFile = 'Either the object does not exist or you do not have access to it';

/** POST /object/sign/:bucket `{expiresIn, paths}` -> one `{path, error, signedURL}` per path, in their order. */
export function signObjects(app: FastifyInstance, storage: StorageContext): void {
  app.post('/object/sign/:bucket', async (request) => {
    const bucket = bucketOf(request);
    const { expiresIn: seconds, paths } = bodyOf(request, body);
    const names = await findNames(storage.database, callerOf(request), bucket, paths);
    return await Promise.all(
      paths.map(async (path) => {
        if (!names.has(path)) return { path, error: unavailableFile, signedURL: null };
        const token = await signDownload(storage.tokens, bucket, path, seconds);
        return { path, error: null, signedURL: `/object/sign/${bucket}/${path}?token=${token}` };
      }),
    );
  });
}
