import { existsSync } from 'node:fs';
import type { MigrationSet } from '@connectgain/postgres';

/** Which migrations a test database has: none, those of the platform packages, or those of the product on top. */
export type SetSelection = 'none' | 'platform' | 'all';

const platformPackages = ['postgres', 'auth', 'storage', 'realtime', 'jobs', 'events'] as const;

/** The sets of a selection in the order in which the server applies them. */
export async function migrationSets(selection: SetSelection): Promise<MigrationSet[]> {
  if (selection === 'none') return [];
  const sets: MigrationSet[] = [];
  for (const name of platformPackages) {
    const entry = new URL(`../platform/${name}/src/index.ts`, import.meta.url);
    if (!existsSync(entry)) continue;
    const room: unknown = await import(entry.href);
    if (typeof room === 'object' && room !== null && 'migrations' in room && isSet(room.migrations))
      sets.push(room.migrations);
  }
  if (selection === 'all')
    sets.push({ name: 'product', directory: new URL('../database/migrations/', import.meta.url) });
  return sets;
}

function isSet(value: unknown): value is MigrationSet {
  return typeof value === 'object' && value !== null && 'name' in value && 'directory' in value;
}
