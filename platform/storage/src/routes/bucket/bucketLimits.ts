import { z } from 'zod';
import { invalidRequest } from '../../errors.ts';
import { essenceOf } from '../../upload/mimePolicy.ts';
import { featureOff } from '../request.ts';

/** What creating and updating a bucket share, as storage-js sends it. */
export const limitFields = {
  public: z.boolean().optional(),
  file_size_limit: z.union([z.number(), z.string()]).nullish(),
  allowed_mime_types: z.array(z.string()).max(200).nullish(),
  versioning_status: z.string().optional(),
};

/**
 * Bytes from `20MB`, `1.5GB`, `300` or a number; null for no limit. Units are decimal, as on the hosted service. Throws InvalidRequest.
 */
export function parseSizeLimit(limit: number | string | null): number | null {
  if (limit === null) return null;
  const match = /^(\d{1,15}(?:\.\d{1,6})?)\s*(b|kb|mb|gb)?$/i.exec(String(limit).trim());
  const unit = units.get((match?.[2] ?? 'b').toLowerCase());
  if (match === null || unit === undefined) {
    throw invalidRequest('Invalid file size format, hint: use 20GB / 20MB / 30KB / 3B');
  }
  return Math.floor(Number(match[1]) * unit);
}

const units: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['kb', 1e3],
  ['mb', 1e6],
  ['gb', 1e9],
]);

/** The list as given, or null for any type. Throws InvalidMimeType for what is neither a type nor a family. */
export function parseAllowedTypes(types: readonly string[] | null): readonly string[] | null {
  for (const type of types ?? []) {
    if (type !== '*/*' && essenceOf(type.replace(/\/\*$/, '/x')) === undefined) {
      throw invalidRequest(`mime type ${type} is not valid: write image/png or image/*`, {
        code: 'InvalidMimeType',
        status: 422,
      });
    }
  }
  return types === null || types.length === 0 ? null : types;
}

/** Keeping old versions of files is a switch that this server does not have. */
export function refuseVersioning(status: string | undefined): void {
  if (status !== undefined && status !== 'DISABLED' && status !== 'SUSPENDED') throw featureOff('versioning');
}
