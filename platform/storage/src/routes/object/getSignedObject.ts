import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { asSystem, type StorageContext } from '../../context.ts';
import { sendObject } from '../../download/sendObject.ts';
import { requireObject } from '../../objects/findObject.ts';
import { verifyDownload } from '../../signatures.ts';
import { downloadQuery, objectOf, queryOf } from '../request.ts';

const query = downloadQuery.extend({ token: z.string() });

/** GET and HEAD /object/sign/:bucket/*?token=: the file whose URL somebody signed who could read it, until the token expires. */
export function getSignedObject(app: FastifyInstance, storage: StorageContext): void {
  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const { bucket, name } = objectOf(request);
    const { token, download } = queryOf(request, query);
    const expiresIn = await verifyDownload(storage.tokens, token, bucket, name);
    const find = () => requireObject(storage.database, asSystem, bucket, name);
    return await sendObject(storage, request, reply, { find, download, expiresIn });
  };
  app.route({ method: ['GET', 'HEAD'], url: '/object/sign/:bucket/*', compress: false, handler });
}
