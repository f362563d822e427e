#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecks } from './checks.mjs';
import { runChild } from './child.mjs';
import { ensureInstalled } from './install.mjs';
import { pinnedNode } from './pinnedNode.mjs';
import { Sentence, say } from './say.mjs';
import { runTests } from './test.mjs';
import { ensureWebBuild } from './webBuild.mjs';

/*
 * Every npm script of the root comes through here, on whatever Node (20.19 or newer) the machine has: plain JavaScript without
 * dependencies. It installs what is missing, builds what is stale, and runs the command on the pinned Node.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const oldest = [20, 19];

const programs = {
  start: 'apps/server/main.ts',
  keys: 'apps/server/keys.ts',
  rest: 'platform/rest/src/standalone.ts',
  bench: 'bench/run.ts',
  types: 'database/generateTypes.ts',
  docs: 'apps/server/docs.ts',
};

const commands = {
  async start(node, args) {
    if (!(await ensureWebBuild(root))) throw new Sentence('The web app cannot be built: see above.');
    return await runProgram(node, 'start', args);
  },
  async dev(node, args) {
    const environment = { ...process.env, NODE_ENV: process.env.NODE_ENV ?? 'development' };
    const server = runChild(node, [...nodeOptions, '--watch', '--watch-preserve-output', programs.start, ...args], {
      cwd: root,
      env: environment,
      input: 'inherit',
    });
    const web = runChild(node, [join(root, 'node_modules/vite/bin/vite.js')], {
      cwd: join(root, 'apps/web'),
      env: environment,
    });
    return Math.max(...(await Promise.all([server, web])));
  },
  test: (node, args) => runTests(root, node, args),
  async check(node) {
    const { failed } = await runChecks(root, node);
    for (const name of failed) say(`failed: ${name}`);
    return failed.length > 0 ? 1 : 0;
  },
  format: (node) =>
    runChild(node, [join(root, 'node_modules/@biomejs/biome/bin/biome'), 'check', '--write'], { cwd: root }),
  keys: (node, args) => runProgram(node, 'keys', args),
  rest: (node, args) => runProgram(node, 'rest', args),
  bench: (node, args) => runProgram(node, 'bench', args),
  types: (node, args) => runProgram(node, 'types', args),
  docs: (node, args) => runProgram(node, 'docs', args),
};

/** Settings of this checkout, for those who keep them in a file. */
const nodeOptions = existsSync(join(root, '.env')) ? ['--env-file=.env'] : [];

async function runProgram(node, name, args) {
  if (!existsSync(join(root, programs[name]))) throw new Sentence(`${programs[name]} is missing from this checkout.`);
  // Parsing and stripping types of some hundred files once, not at every start.
  const env = { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compile'), ...process.env };
  return await runChild(node, [...nodeOptions, programs[name], ...args], { cwd: root, env, input: 'inherit' });
}

async function main([name, ...args]) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw new Sentence(`Node ${process.versions.node} is too old: install Node ${oldest.join('.')} or newer.`);
  }
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (!command) throw new Sentence(`Usage: node scripts/run.mjs ${Object.keys(commands).join('|')}`);
  await ensureInstalled(root);
  return await command(await pinnedNode(root), args);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Sentence ? error.message : error);
  process.exitCode = 1;
}
