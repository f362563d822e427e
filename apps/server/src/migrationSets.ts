import { migrations as auth } from '@connectgain/auth';
import { migrations as events } from '@connectgain/events';
import { migrations as jobs } from '@connectgain/jobs';
import { type MigrationSet, migrations as postgres } from '@connectgain/postgres';
import { migrations as realtime } from '@connectgain/realtime';
import { migrations as storage } from '@connectgain/storage';

const product: MigrationSet = {
  name: 'product',
  directory: new URL('../../../database/migrations/', import.meta.url),
};

/** In the order in which they build on each other. */
export const migrationSets: readonly MigrationSet[] = [postgres, auth, storage, realtime, jobs, events, product];
