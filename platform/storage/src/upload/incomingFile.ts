import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { cacheControlOf, encodingOf, headerOf, metadataFromHeader } from './fileHeaders.ts';
import { readForm } from './form.ts';
import type { FileDetails } from './writeObject.ts';

/** A file on its way in, its body not read yet. */
export interface IncomingFile {
  body: AsyncIterable<Uint8Array>;
  details: FileDetails;
  finish?: () => Promise<FileDetails>;
  announcedSize?: number;
}

/**
 * The file in a request, in both forms that storage-js sends: the raw body described by headers (`Content-Type`, `Cache-Control`,
 * `Content-Encoding`, `x-metadata` in base64), or a form with the fields `cacheControl`, `metadata`, `contentEncoding` and the file.
 *
 * @param payload the body's stream, unread; left open when the reader stops early, so that an answer can still be sent
 */
export async function incomingFile(request: FastifyRequest, payload: Readable): Promise<IncomingFile> {
  const contentType = headerOf(request, 'content-type');
  const length = Number(headerOf(request, 'content-length') ?? Number.NaN);
  const announced = Number.isSafeInteger(length) ? length : undefined;
  if (contentType !== undefined && /^multipart\/form-data\b/i.test(contentType)) {
    return await readForm(payload, { ...request.headers, 'content-type': contentType }, announced);
  }
  const contentEncoding = encodingOf(headerOf(request, 'content-encoding'));
  const userMetadata = metadataFromHeader(headerOf(request, 'x-metadata'));
  return {
    // Stopping early must not destroy the request: its connection carries the answer that says why.
    body: payload.iterator({ destroyOnReturn: false }),
    details: {
      mimeType: contentType ?? 'application/octet-stream',
      cacheControl: cacheControlOf(headerOf(request, 'cache-control')),
      ...(contentEncoding === undefined ? {} : { contentEncoding }),
      ...(userMetadata === undefined ? {} : { userMetadata }),
    },
    announcedSize: announced,
  };
}
