import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** The widget is compiled against the browser's types, so it has a project of its own. */
test('the widget type-checks against the DOM', async () => {
  const compiler = createRequire(import.meta.url)
    .resolve('typescript/package.json')
    .replace(/package\.json$/, 'bin/tsc');
  const project = fileURLToPath(new URL('../widget/tsconfig.json', import.meta.url));
  const run = promisify(execFile)(process.execPath, [compiler, '-p', project]);
  await expect(run).resolves.toMatchObject({ stdout: '' });
});
