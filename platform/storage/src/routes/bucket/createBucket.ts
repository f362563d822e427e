import { runAs } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf, subjectOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { bucketAlreadyExists } from '../../errors.ts';
import { requireBucketName } from '../../names.ts';
import { ownerColumns } from '../../objects/objectRow.ts';
import { violated } from '../../objects/violated.ts';
import { bodyOf, featureOff } from '../request.ts';
import { limitFields, parseAllowedTypes, parseSizeLimit, refuseVersioning } from './bucketLimits.ts';

const body = z.object({
  id: z.string().optional(),
  name: z.string(),
  type: z.string().optional(),
  ...limitFields,
});

/** POST /bucket `{id?, name, public?, file_size_limit?, allowed_mime_types?}` -> `{name}`. Needs the right to insert into buckets. */
export function createBucket(app: FastifyInstance, storage: StorageContext): void {
  app.post('/bucket', async (request) => {
    const wanted = bodyOf(request, body);
    const principal = callerOf(request);
    if (wanted.type !== undefined && wanted.type !== 'STANDARD') throw featureOff(`${wanted.type} buckets`);
    refuseVersioning(wanted.versioning_status);
    const { owner, ownerId } = ownerColumns(subjectOf(principal));
    const values = [
      requireBucketName(wanted.id ?? wanted.name),
      requireBucketName(wanted.name),
      wanted.public ?? false,
      parseSizeLimit(wanted.file_size_limit ?? null),
      parseAllowedTypes(wanted.allowed_mime_types ?? null),
      owner,
      ownerId,
    ];
    try {
      await runAs(storage.database.requests, principal, [
        {
          text: `insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types, owner, owner_id)
                 values ($1, $2, $3, $4, $5, $6, $7)`,
          values,
        },
      ]);
    } catch (error) {
      if (violated(error, 'buckets_pkey') || violated(error, 'buckets_name_key')) throw bucketAlreadyExists();
      throw error;
    }
    return { name: wanted.name };
  });
}
