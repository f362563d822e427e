import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';
import { invalidRequest } from '../errors.ts';
import { cacheControlOf, encodingOf, metadataFromJson } from './fileHeaders.ts';
import type { IncomingFile } from './incomingFile.ts';
import type { FileDetails } from './writeObject.ts';

interface FilePart {
  stream: BusboyFileStream;
  mimeType: string;
}

/** Room for a form's own lines when guessing the size of the file in it: headers of the part and boundaries. */
const FRAMING_BYTES = 512;
const MAX_FIELD_BYTES = 256 * 1024;

/**
 * A `multipart/form-data` body with one file in it. Resolves when the file begins, with the fields before it; fields after it are in
 * what `finish` resolves with. The file's bytes are parsed as they are read.
 */
export async function readForm(
  payload: Readable,
  headers: IncomingHttpHeaders & { 'content-type': string },
  contentLength: number | undefined,
): Promise<IncomingFile> {
  const parser = createParser(headers);
  const fields = new Map<string, string>();
  const begun = Promise.withResolvers<FilePart>();
  const ended = Promise.withResolvers<void>();
  ended.promise.catch(() => undefined);
  let file: FilePart | undefined;

  const fail = (error: Error) => {
    payload.unpipe(parser);
    begun.reject(error);
    ended.reject(error);
    file?.stream.destroy(error);
  };
  const malformed = (cause: unknown) => fail(invalidRequest('The form is not valid multipart/form-data', { cause }));

  parser.on('field', (name, value, nameTruncated, valueTruncated) => {
    if (nameTruncated || valueTruncated) fail(invalidRequest('A field of the form is too long'));
    else fields.set(name, value);
  });
  parser.on('file', (_name, stream, _filename, _transferEncoding, mimeType) => {
    // Unheard errors of a part would end the process; whoever reads the part gets them from its iterator.
    stream.on('error', () => undefined);
    if (file !== undefined) {
      stream.resume();
      fail(invalidRequest('The form has more than one file: send one per request'));
      return;
    }
    file = { stream, mimeType };
    begun.resolve(file);
  });
  parser.on('finish', () => {
    begun.reject(invalidRequest('The form has no file'));
    ended.resolve();
  });
  parser.on('error', malformed);
  payload.on('error', malformed);
  payload.on('close', () => {
    if (!payload.readableEnded) malformed(new Error('The request ended before the form.'));
  });
  payload.pipe(parser);

  const { stream, mimeType } = await begun.promise;
  const details = () => detailsOf(mimeType, fields);
  const fieldBytes = [...fields].reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(value) + 200, 0);
  return {
    body: partBody(stream, () => payload.unpipe(parser)),
    details: details(),
    finish: async () => {
      await ended.promise;
      return details();
    },
    ...(contentLength === undefined ? {} : { announcedSize: Math.max(0, contentLength - fieldBytes - FRAMING_BYTES) }),
  };
}

/** The part's bytes. A reader that stops early stops the parser too, and leaves the request itself alone. */
async function* partBody(stream: BusboyFileStream, stop: () => void): AsyncGenerator<Uint8Array> {
  let complete = false;
  try {
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) yield chunk;
    complete = true;
  } finally {
    if (!complete) stop();
  }
}

function createParser(headers: IncomingHttpHeaders & { 'content-type': string }): BusboyInstance {
  try {
    return new Busboy({ headers, limits: { fields: 20, parts: 30, fieldSize: MAX_FIELD_BYTES } });
  } catch (cause) {
    throw invalidRequest('The content type names no boundary of the form', { cause });
  }
}

function detailsOf(mimeType: string, fields: ReadonlyMap<string, string>): FileDetails {
  const contentEncoding = encodingOf(fields.get('contentEncoding'));
  const metadata = fields.get('metadata');
  return {
    mimeType,
    cacheControl: cacheControlOf(fields.get('cacheControl')),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    ...(metadata === undefined || metadata === '' ? {} : { userMetadata: metadataFromJson(metadata) }),
  };
}
