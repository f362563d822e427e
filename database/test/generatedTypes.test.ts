import { readFile } from 'node:fs/promises';
import { createTestDatabase } from '@connectgain/testing/database.ts';
import { expect, it } from 'vitest';
import { generatedFile, typesOf } from '../generatedTypes.ts';

it('types.generated.ts is what the migrations say: run `npm run types` after changing one', async () => {
  const database = await createTestDatabase();
  try {
    expect(await readFile(generatedFile, 'utf8')).toBe(await typesOf(database.url));
  } finally {
    await database.destroy();
  }
});
