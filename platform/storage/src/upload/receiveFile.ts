import { Readable } from 'node:stream';
import type { Principal } from '@connectgain/postgres';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { StorageContext } from '../context.ts';
import { requireLimits } from '../objects/buckets.ts';
import { incomingFile } from './incomingFile.ts';
import { type WrittenObject, writeObject } from './writeObject.ts';

export interface Receipt {
  principal: Principal;
  bucket: string;
  /** Checked by requireObjectName. */
  name: string;
  owner: string | undefined;
  upsert: boolean;
}

/** Routes of this scope get their bodies as unread streams, whatever the content type. */
export function acceptStreams(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

/** Options of every route that takes a file: no time limit but the upload's own, and the bytes exactly as they were sent. */
export const fileRoute = { config: { timeoutMs: 0 }, decompress: false } as const;

/** Stores the file that a request carries. Throws what writeObject throws, and NoSuchBucket. */
export async function receiveFile(
  storage: StorageContext,
  request: FastifyRequest,
  receipt: Receipt,
): Promise<WrittenObject> {
  const payload = request.body instanceof Readable ? request.body : Readable.from([]);
  try {
    const bucket = await requireLimits(storage.database, receipt.bucket);
    const file = await incomingFile(request, payload);
    return await writeObject(storage, { ...receipt, ...file, bucket });
  } finally {
    // After a refusal the rest of the body is read and dropped: most clients look at the answer only when they have sent everything,
    // and a connection closed under them would hide it. The server's limit on the time of a request bounds this.
    payload.unpipe();
    if (!payload.readableEnded) payload.resume();
  }
}
