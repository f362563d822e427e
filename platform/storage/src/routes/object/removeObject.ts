import { runAs } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../../caller.ts';
import type { StorageContext } from '../../context.ts';
import { noSuchKey } from '../../errors.ts';
import { objectOf } from '../request.ts';

/** DELETE /object/:bucket/*. Needs the rights to read and delete the file. */
export function removeObject(app: FastifyInstance, storage: StorageContext): void {
  app.delete('/object/:bucket/*', async (request) => {
    const { bucket, name } = objectOf(request);
    const [result] = await runAs(storage.database.requests, callerOf(request), [
      { text: 'delete from storage.objects where bucket_id = $1 and name = $2', values: [bucket, name] },
    ]);
    if (!result?.rowCount) throw noSuchKey();
    storage.sweeper.soon();
    return { message: 'Successfully deleted' };
  });
}
