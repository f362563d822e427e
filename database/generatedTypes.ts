import { generateTypes, introspect } from '@connectgain/postgres';
import pg from 'pg';

/** The file that `npm run types` writes and a test compares. */
export const generatedFile = new URL('types.generated.ts', import.meta.url);

/** What the file has to contain for a database with all migrations. */
export async function typesOf(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return generateTypes(await introspect(client, ['public']));
  } finally {
    await client.end();
  }
}
