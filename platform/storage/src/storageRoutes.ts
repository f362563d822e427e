import { jsonParser } from '@connectgain/http';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { answerStorageError } from './answerStorageError.ts';
import { type Authenticate, authenticateWith, requireCaller } from './caller.ts';
import { createContext, type StorageOptions } from './createContext.ts';
import { invalidRequest } from './errors.ts';
import { createBucket } from './routes/bucket/createBucket.ts';
import { deleteBucket } from './routes/bucket/deleteBucket.ts';
import { emptyBucket } from './routes/bucket/emptyBucket.ts';
import { getBucket } from './routes/bucket/getBucket.ts';
import { listBuckets } from './routes/bucket/listBuckets.ts';
import { updateBucket } from './routes/bucket/updateBucket.ts';
import { copyObject } from './routes/object/copyObject.ts';
import { getObject } from './routes/object/getObject.ts';
import { getPublicObject } from './routes/object/getPublicObject.ts';
import { getSignedObject } from './routes/object/getSignedObject.ts';
import { listObjects } from './routes/object/listObjects.ts';
import { listObjectsV2 } from './routes/object/listObjectsV2.ts';
import { moveObject } from './routes/object/moveObject.ts';
import { objectInfo } from './routes/object/objectInfo.ts';
import { removeObject } from './routes/object/removeObject.ts';
import { removeObjects } from './routes/object/removeObjects.ts';
import { signObject } from './routes/object/signObject.ts';
import { signObjects } from './routes/object/signObjects.ts';
import { signUpload } from './routes/object/signUpload.ts';
import { uploadObject } from './routes/object/uploadObject.ts';
import { uploadSigned } from './routes/object/uploadSigned.ts';
import { acceptStreams } from './upload/receiveFile.ts';

export interface StorageRoutesOptions extends StorageOptions {
  /** Who is asking, where more than the instance's own tokens count (API keys of the product). By `tokens` when absent. */
  authenticate?: Authenticate;
}

const JSON_BODY_LIMIT = 4 * 1024 * 1024;

/** The Storage dialect as a Fastify plugin, to be mounted at `/storage/v1` of a server by createHttpServer. */
export function storageRoutes(options: StorageRoutesOptions): FastifyPluginAsync {
  return async (app) => {
    const storage = createContext(options);
    const who = options.authenticate ?? authenticateWith(options.tokens);
    app.setErrorHandler(answerStorageError);
    app.setNotFoundHandler((request) => {
      throw app.unknownRoute(request);
    });
    // What a process that ended in the middle has left behind.
    app.addHook('onReady', async () => storage.sweeper.soon());
    app.addHook('onClose', () => storage.sweeper.idle());

    // Files: the body stays a stream.
    app.register(async (scope) => {
      acceptStreams(scope);
      requireCaller(scope, who);
      uploadObject(scope, storage);
    });
    app.register(async (scope) => {
      acceptStreams(scope);
      uploadSigned(scope, storage);
    });

    // Reading without an account, where the bucket or the URL allows it.
    app.register(async (scope) => {
      getPublicObject(scope, storage);
      getSignedObject(scope, storage);
      getObject(scope, storage, who);
      objectInfo(scope, storage, who);
    });

    // Everything else is JSON from somebody known.
    app.register(async (scope) => {
      acceptJson(scope);
      requireCaller(scope, who);
      for (const route of [createBucket, getBucket, listBuckets, updateBucket, deleteBucket, emptyBucket]) {
        route(scope, storage);
      }
      for (const route of [listObjects, listObjectsV2, copyObject, moveObject, removeObject, removeObjects]) {
        route(scope, storage);
      }
      for (const route of [signObject, signObjects, signUpload]) route(scope, storage);
    });
  };
}

/** Bodies of this scope are JSON whatever their content type says; clients send text/plain with empty ones. */
function acceptJson(scope: FastifyInstance): void {
  const parse = jsonParser(scope);
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser<string>('*', { parseAs: 'string', bodyLimit: JSON_BODY_LIMIT }, (request, body, done) => {
    if (body.trim() === '') done(null, undefined);
    else parse(request, body, (error, value) => (error ? done(malformed(error)) : done(null, value)));
  });
}

function malformed(cause: Error): Error {
  return invalidRequest('The body is not valid JSON', { cause });
}
