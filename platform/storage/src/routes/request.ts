import { type ApiError, parse } from '@connectgain/http';
import type { FastifyRequest } from 'fastify';
import { type ZodType, z } from 'zod';
import { invalidRequest } from '../errors.ts';
import { requireBucketName, requireObjectName } from '../names.ts';

const bucketParams = z.object({ bucket: z.string() });
const objectParams = z.object({ bucket: z.string(), '*': z.string() });

/** `:bucket` of the path. Throws InvalidBucketName. */
export function bucketOf(request: FastifyRequest): string {
  return requireBucketName(parse(bucketParams, request.params).bucket);
}

/** `:bucket/*` of the path. Throws InvalidBucketName, InvalidKey. */
export function objectOf(request: FastifyRequest): { bucket: string; name: string } {
  const params = parse(objectParams, request.params);
  return { bucket: requireBucketName(params.bucket), name: requireObjectName(params['*']) };
}

/** The JSON body as `schema`. Throws InvalidRequest naming the field. */
export function bodyOf<T>(request: FastifyRequest, schema: ZodType<T>): T {
  return parse(schema, request.body ?? {});
}

/** The query string as `schema`. */
export function queryOf<T>(request: FastifyRequest, schema: ZodType<T>): T {
  return parse(schema, request.query);
}

export function isUpsert(request: FastifyRequest): boolean {
  return request.headers['x-upsert'] === 'true';
}

/** `?download` and `?download=name`; a repeated one counts once. */
export const downloadQuery = z.object({
  download: z.union([z.string(), z.array(z.string()).transform((values) => values[0] ?? '')]).optional(),
});

/** Versions of one file are not kept; a client that asks for an old one must not get the newest instead. */
export function refuseVersions(versionId: string | undefined): void {
  if (versionId !== undefined) throw featureOff('versioning');
}

export function featureOff(feature: string): ApiError {
  return invalidRequest(`The feature ${feature} is not enabled for this resource`, {
    code: 'FeatureNotEnabled',
    status: 409,
  });
}
