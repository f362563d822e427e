import type { Hub } from './hub.ts';

/** Changes are kept longer than a node may be away from the database and still go on where it was. */
const keepChanges = '2 minutes';
/** As Supabase keeps broadcasts for replay. */
const keepMessages = '72 hours';

/** Empties the transient tables, in batches: with 1,000 changes/s ten seconds make half a batch. */
export async function sweepTables(hub: Hub): Promise<void> {
  try {
    await hub.owner.query({
      name: 'realtime_sweep',
      text: 'select realtime.sweep($1, $2)',
      values: [keepChanges, keepMessages],
    });
  } catch (error) {
    hub.log.warn({ err: error }, 'realtime tables not swept');
  }
}
