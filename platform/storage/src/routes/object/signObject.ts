import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { requireObject } from '../../objects/findObject.ts';
import { signDownload } from '../../signatures.ts';
import { bodyOf, featureOff, objectOf, refuseVersions } from '../request.ts';

/** Ten years: as long as the keys of the instance. */
export const expiresIn = z.number().int().min(1).max(315_360_000);

const body = z.object({ expiresIn, transform: z.looseObject({}).optional(), versionId: z.string().optional() });

/** POST /object/sign/:bucket/* `{expiresIn}` -> `{signedURL}`. Needs the right to read the file. */
export function signObject(app: FastifyInstance, storage: StorageContext): void {
  app.post('/object/sign/:bucket/*', async (request) => {
    const { bucket, name } = objectOf(request);
    const wanted = bodyOf(request, body);
    refuseVersions(wanted.versionId);
    if (wanted.transform !== undefined) throw featureOff('image transformation');
    await requireObject(storage.database, callerOf(request), bucket, name);
    const token = await signDownload(storage.tokens, bucket, name, wanted.expiresIn);
    return { signedURL: `/object/sign/${bucket}/${name}?token=${token}` };
  });
}
