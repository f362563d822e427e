import { writeFile } from 'node:fs/promises';
import { configurationPage } from './src/configurationPage.ts';

/** `npm run docs`: writes the pages that are generated from code. */
await writeFile(new URL('../../docs/configuration.md', import.meta.url), configurationPage());
