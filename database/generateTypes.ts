import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@connectgain/testing/database.ts';
import { serverVariable, startTestServer } from '@connectgain/testing/testServer.ts';
import { generatedFile, typesOf } from './generatedTypes.ts';

/** `npm run types`: applies all migrations to a database of the moment and writes down what came out. */
const server = await startTestServer();
try {
  process.env[serverVariable] = server.url;
  const database = await createTestDatabase({ sets: 'all' });
  await writeFile(generatedFile, await typesOf(database.url));
  await database.destroy();
  console.log(`wrote ${fileURLToPath(generatedFile)}`);
} finally {
  await server.stop();
}
