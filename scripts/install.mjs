import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runChild } from './child.mjs';
import { oneAtATime } from './guard.mjs';
import { Sentence, say } from './say.mjs';

/**
 * Installs the dependencies where node_modules is missing or does not belong to package-lock.json.
 *
 * @param {string} root
 */
export async function ensureInstalled(root) {
  if (isInstalled(root)) return;
  await oneAtATime(root, 'installing', async () => {
    if (isInstalled(root)) return;
    say('installing dependencies (npm ci)');
    const env = npmEnvironment(root);
    const options = ['--no-audit', '--no-fund', '--include=dev', '--loglevel=error'];
    if ((await runChild('npm', ['ci', ...options], { cwd: root, env })) !== 0) {
      say('npm ci did not work, trying npm install');
      if ((await runChild('npm', ['install', ...options], { cwd: root, env })) !== 0) {
        throw new Sentence(
          'The dependencies cannot be installed: see what npm says above, mend it, and run the command again.',
        );
      }
    }
    writeFileSync(markOf(root), lockHash(root));
  });
}

/**
 * The mark holds the hash of the package-lock.json that was installed. Without it, or after npm itself changed both, npm's own record of
 * what is in node_modules decides.
 */
export function isInstalled(root) {
  const mark = markOf(root);
  const hash = lockHash(root);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return true;
  if (!matchesLock(root)) return false;
  writeFileSync(mark, hash);
  return true;
}

function markOf(root) {
  return join(root, 'node_modules', '.connectgain-lock');
}

function lockHash(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** Whether everything that package-lock.json names is in node_modules in that version, by npm's hidden lockfile. */
function matchesLock(root) {
  const hidden = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(hidden);
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/') || entry.link) return true;
    const found = present[path];
    // Packages for other platforms are in the lockfile and not in node_modules.
    return found ? found.version === entry.version : entry.optional === true || entry.peer === true;
  });
}

/** @returns {Record<string, {version?: string, link?: boolean, optional?: boolean, peer?: boolean}>} */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  } catch {
    return {};
  }
}

/** npm must not run on the Node inside the node_modules that it is about to remove. */
export function npmEnvironment(root) {
  const inside = join(root, 'node_modules');
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(inside));
  return { ...process.env, PATH: path.join(delimiter) };
}
