import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { removeNames } from '../../objects/removeNames.ts';
import { bodyOf, bucketOf } from '../request.ts';
import { objectAnswer } from './objectAnswer.ts';

const entry = z.union([
  z.string().transform((path) => ({ path, versionId: null })),
  z.object({ path: z.string(), versionId: z.string() }),
]);
const body = z.object({ prefixes: z.array(entry).min(1).max(20_000) });

/**
 * DELETE /object/:bucket `{prefixes: [path | {path, versionId}]}` -> the rows that are gone. Files that are missing, hidden, not the
 * caller's to delete, or of another version by now are left out of the answer.
 */
export function removeObjects(app: FastifyInstance, storage: StorageContext): void {
  app.delete('/object/:bucket', async (request) => {
    const { prefixes } = bodyOf(request, body);
    const rows = await removeNames(storage.database, callerOf(request), bucketOf(request), prefixes);
    storage.sweeper.soon();
    return rows.map(objectAnswer);
  });
}
