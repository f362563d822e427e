import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuietly } from './child.mjs';
import { oneAtATime } from './guard.mjs';
import { say } from './say.mjs';

/** What the web app and the chat widget are built from: folders and files, relative to the root. */
const sources = ['apps/web', 'channels', 'package-lock.json', 'tsconfig.json', 'database/types.generated.ts'];
/** What is built: the workspace, and a file that is there afterwards. */
const builds = [
  { workspace: '@connectgain/web', output: 'apps/web/dist/index.html' },
  { workspace: '@connectgain/channels', output: 'channels/web-chat/widget/dist/widget.js' },
];
const notSources = new Set(['node_modules', 'dist', 'test', 'README.md', 'manifest.json']);

/**
 * Builds the web app where its sources changed since the last build. Returns whether it is built now.
 *
 * @param {string} root
 * @returns {Promise<boolean>}
 */
export async function ensureWebBuild(root) {
  if (!existsSync(join(root, 'apps/web/index.html'))) return true;
  if (isBuilt(root)) return true;
  return await oneAtATime(root, 'building the web app', async () => {
    if (isBuilt(root)) return true;
    say('building the web app');
    const hash = hashOfSources(root);
    const started = Date.now();
    for (const { workspace } of builds) {
      const code = await runQuietly('npm', ['run', '--silent', 'build', '--workspace', workspace], { cwd: root });
      if (code !== 0) return false;
    }
    writeFileSync(markOf(root), hash);
    say(`built the web app in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    return true;
  });
}

function isBuilt(root) {
  const mark = markOf(root);
  if (!builds.every(({ output }) => existsSync(join(root, output)))) return false;
  return existsSync(mark) && readFileSync(mark, 'utf8') === hashOfSources(root);
}

function markOf(root) {
  return join(root, 'apps/web/dist/.build-hash');
}

function hashOfSources(root) {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesIn(root, source)).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesIn(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  const entries = safeEntries(full);
  if (entries === null) return [path];
  return entries
    .filter((entry) => !notSources.has(entry.name) && (entry.isFile() || entry.isDirectory()))
    .flatMap((entry) => filesIn(root, `${path}/${entry.name}`));
}

function safeEntries(path) {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOTDIR') return null;
    throw error;
  }
}
