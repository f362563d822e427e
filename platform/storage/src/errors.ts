import { ApiError, type ErrorExtras } from '@connectgain/http';

/**
 * The errors of the Storage dialect, by the names and sentences that clients of the hosted service compare
 * (supabase.com/docs/guides/storage/debugging/error-codes). `code` is the new name; `legacyNames` has the older `error` beside it.
 */
function factory(status: number, code: string, sentence: string) {
  return (message: string = sentence, extras: ErrorExtras = {}): ApiError =>
    new ApiError({ status, code, message, ...extras });
}

export const noSuchBucket = factory(404, 'NoSuchBucket', 'Bucket not found');
export const noSuchKey = factory(404, 'NoSuchKey', 'Object not found');
export const bucketAlreadyExists = factory(409, 'BucketAlreadyExists', 'The resource already exists');
export const keyAlreadyExists = factory(409, 'KeyAlreadyExists', 'The resource already exists');
export const bucketNotEmpty = factory(409, 'ResourceNotEmpty', 'The bucket you tried to delete is not empty');
export const accessDenied = factory(403, 'AccessDenied', 'new row violates row-level security policy');
export const entityTooLarge = factory(413, 'EntityTooLarge', 'The object exceeded the maximum allowed size');
export const invalidBucketName = factory(400, 'InvalidBucketName', 'Bucket name invalid');
export const invalidRequest = factory(400, 'InvalidRequest', 'The request is not valid');
export const invalidJwt = factory(400, 'InvalidJWT', 'Invalid JWT');
export const invalidSignature = factory(400, 'InvalidSignature', 'Invalid signature');
export const expiredToken = factory(400, 'ExpiredToken', 'The provided token has expired.');
export const featureNotEnabled = factory(409, 'FeatureNotEnabled', 'This feature is not enabled for this resource');
export const noSpaceLeft = factory(507, 'InsufficientStorage', 'The server has no space left for this file.');
export const tookTooLong = factory(408, 'RequestTimeout', 'The upload took too long: send it faster or in parts.');

export function invalidKey(name: string): ApiError {
  return new ApiError({ status: 400, code: 'InvalidKey', message: `Invalid key: ${name.slice(0, 200)}` });
}

/** @param type what the caller declared, or what the bytes turned out to be */
export function invalidMimeType(type: string): ApiError {
  return new ApiError({ status: 415, code: 'InvalidMimeType', message: `mime type ${type} is not supported` });
}

/** The declared type is allowed, but the bytes are no such thing. */
export function contentIsNot(type: string): ApiError {
  return new ApiError({ status: 415, code: 'InvalidMimeType', message: `The content of the file is not ${type}` });
}

/** RFC 9110 section 15.5.17: the answer says how long the file is. */
export function invalidRange(size: number): ApiError {
  return new ApiError({
    status: 416,
    code: 'InvalidRange',
    message: 'The requested range is not satisfiable',
    headers: { 'content-range': `bytes */${size}` },
  });
}

export const preconditionFailed = factory(412, 'PreconditionFailed', 'The file has changed: a precondition failed');

/** What the `error` field said before there were codes, where it is not the code itself. */
export const legacyNames: Readonly<Record<string, string>> = {
  NoSuchBucket: 'Bucket not found',
  NoSuchKey: 'not_found',
  BucketAlreadyExists: 'Duplicate',
  KeyAlreadyExists: 'Duplicate',
  AccessDenied: 'Unauthorized',
  EntityTooLarge: 'Payload too large',
  InvalidBucketName: 'Invalid Input',
  InvalidMimeType: 'invalid_mime_type',
  InvalidRange: 'invalid_range',
};
