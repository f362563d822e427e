import { glob } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { MigrationSet } from '@connectgain/postgres';

/** Which migrations a test database has: none, those of the platform packages, or those of the product on top. */
export type SetSelection = 'none' | 'platform' | 'all';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The sets of a selection, as and in the order in which the server applies them. */
export async function migrationSets(selection: SetSelection): Promise<MigrationSet[]> {
  if (selection === 'none') return [];
  // Loads every platform package: only the maker of a template needs it.
  const server = await import('@connectgain/server/src/migrationSets.ts');
  return server.migrationSets.filter((set) => selection === 'all' || set.name !== 'product');
}

/** The files of a selection, found without loading any package. */
export async function migrationFilesOf(selection: SetSelection): Promise<string[]> {
  const patterns = {
    none: [],
    platform: ['platform/*/migrations/*.sql'],
    all: ['{platform/*,database}/migrations/*.sql'],
  };
  const files: string[] = [];
  for await (const file of glob(patterns[selection], { cwd: root })) files.push(`${root}/${file}`);
  return files.sort();
}
