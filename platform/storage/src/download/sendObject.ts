import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StorageContext } from '../context.ts';
import { type ByteRange, MissingBytes } from '../driver/driver.ts';
import { invalidRange, noSuchKey, preconditionFailed } from '../errors.ts';
import type { FileMetadata, ObjectRow } from '../objects/objectRow.ts';
import { headerOf } from '../upload/fileHeaders.ts';
import { evaluate, rangeApplies, type Validators } from './conditions.ts';
import { dispositionOf, safeContentHeaders } from './contentSafety.ts';
import { parseRange } from './range.ts';

export interface SendOptions {
  /** Finds the row again: the file may be replaced between reading its row and opening its bytes. */
  find(): Promise<ObjectRow>;
  /** `?download=` as sent; empty for the file's own name. */
  download?: string;
  /** Seconds until a signed URL expires: nobody may keep the file for longer. */
  expiresIn?: number;
}

interface Answer {
  status: 200 | 206 | 304;
  version: string;
  range?: ByteRange;
  size: number;
  headers: Record<string, string>;
}

/** A row whose bytes exist. */
type StoredObject = ObjectRow & { version: string; metadata: FileMetadata };

const ATTEMPTS = 3;

/** Answers GET and HEAD with a file, part of it (206), or 304. Throws NoSuchKey, InvalidRange (416), PreconditionFailed (412). */
export async function sendObject(
  storage: StorageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  options: SendOptions,
): Promise<FastifyReply> {
  for (let attempt = 1; ; attempt++) {
    const answer = answerFor(requireStored(await options.find()), request, options);
    reply.code(answer.status).headers(answer.headers);
    if (answer.status === 304) return reply.send();
    reply.header('content-length', answer.size);
    if (request.method === 'HEAD') return reply.send();
    try {
      return reply.send(await storage.driver.read(answer.version, answer.range));
    } catch (error) {
      if (!(error instanceof MissingBytes)) throw error;
      clearFileHeaders(reply, answer.headers);
      if (attempt === ATTEMPTS) {
        request.log.error({ version: answer.version }, 'a file has a row but no bytes');
        throw noSuchKey(undefined, { cause: error });
      }
    }
  }
}

function answerFor(row: StoredObject, request: FastifyRequest, options: SendOptions): Answer {
  const { metadata, version } = row;
  const validators: Validators = { etag: metadata.eTag, lastModified: new Date(metadata.lastModified) };
  const headers: Record<string, string> = {
    etag: validators.etag,
    'last-modified': validators.lastModified.toUTCString(),
    ...cachingHeaders(metadata, options.expiresIn),
  };
  const outcome = evaluate(conditionsOf(request), validators);
  if (outcome === 'failed') throw preconditionFailed();
  if (outcome === 'not modified') return { status: 304, version, size: 0, headers };

  const disposition = dispositionOf(options.download);
  Object.assign(headers, safeContentHeaders(metadata.mimetype), {
    'accept-ranges': 'bytes',
    ...(metadata.contentEncoding === undefined ? {} : { 'content-encoding': metadata.contentEncoding }),
    ...(disposition === undefined ? {} : { 'content-disposition': disposition }),
  });
  const wanted = rangeApplies(headerOf(request, 'if-range'), validators) ? headerOf(request, 'range') : undefined;
  const range = parseRange(wanted, metadata.size);
  if (range === 'unsatisfiable') throw invalidRange(metadata.size);
  if (range === undefined) return { status: 200, version, size: metadata.size, headers };
  headers['content-range'] = `bytes ${range.start}-${range.end}/${metadata.size}`;
  return { status: 206, version, range, size: range.end - range.start + 1, headers };
}

/** The same URL may answer one person and not another; a signed one until it expires. */
function cachingHeaders(metadata: FileMetadata, expiresIn: number | undefined): Record<string, string> {
  if (expiresIn === undefined) return { 'cache-control': metadata.cacheControl, vary: 'authorization, apikey' };
  const stored = /max-age=(\d+)/.exec(metadata.cacheControl)?.[1];
  const seconds = Math.max(0, Math.min(stored === undefined ? expiresIn : Number(stored), expiresIn));
  return {
    'cache-control': `private, max-age=${seconds}`,
    expires: new Date(Date.now() + seconds * 1000).toUTCString(),
  };
}

function conditionsOf(request: FastifyRequest) {
  return {
    ifMatch: headerOf(request, 'if-match'),
    ifNoneMatch: headerOf(request, 'if-none-match'),
    ifModifiedSince: headerOf(request, 'if-modified-since'),
    ifUnmodifiedSince: headerOf(request, 'if-unmodified-since'),
  };
}

function requireStored(row: ObjectRow): StoredObject {
  const { version, metadata } = row;
  // Rows made by SQL alone have no bytes.
  if (version === null || metadata === null || typeof metadata.size !== 'number') throw noSuchKey();
  return { ...row, version, metadata };
}

function clearFileHeaders(reply: FastifyReply, headers: Record<string, string>): void {
  for (const name of [...Object.keys(headers), 'content-length']) reply.removeHeader(name);
  reply.code(200);
}
