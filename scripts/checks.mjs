import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runChild } from './child.mjs';
import { say } from './say.mjs';

/**
 * Formatting and lint, then the types of the whole repository and of the web app. Returns the names of what failed.
 *
 * @param {string} root
 * @param {string} node
 * @returns {Promise<{passed: string[], failed: string[]}>}
 */
export async function runChecks(root, node) {
  const program = (path) => join(root, 'node_modules', path);
  const steps = [
    { name: 'biome check', args: [program('@biomejs/biome/bin/biome'), 'check', '--no-errors-on-unmatched'] },
    { name: 'types', args: [program('typescript/bin/tsc'), '-p', 'tsconfig.json'] },
    {
      name: 'types of the web app',
      args: [program('typescript/bin/tsc'), '-p', 'apps/web/tsconfig.json'],
      needs: 'apps/web/tsconfig.json',
    },
  ];
  const result = { passed: [], failed: [] };
  for (const step of steps) {
    if (step.needs && !existsSync(join(root, step.needs))) continue;
    say(step.name);
    const code = await runChild(node, step.args, { cwd: root });
    result[code === 0 ? 'passed' : 'failed'].push(step.name);
  }
  return result;
}
