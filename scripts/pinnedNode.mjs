import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputOf, runChild } from './child.mjs';
import { oneAtATime } from './guard.mjs';
import { npmEnvironment } from './install.mjs';
import { Sentence, say } from './say.mjs';

/**
 * Path of the Node that package.json pins. Its npm package is filled by an install script; where such scripts are switched off, or it was
 * interrupted, the program is fetched here.
 *
 * @param {string} root
 * @returns {Promise<string>}
 */
export async function pinnedNode(root) {
  const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies.node;
  const program = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (await isVersion(program, version)) return program;
  if (process.version === `v${version}`) return process.execPath;
  return await oneAtATime(root, 'fetching Node', async () => {
    if (await isVersion(program, version)) return program;
    say(`fetching Node ${version}, which the install script of the package did not`);
    await fetchNode(root, version, program);
    if (await isVersion(program, version)) return program;
    throw new Sentence(
      `Node ${version} does not run from ${program}: install Node ${version.split('.')[0]} yourself and run the command again with it.`,
    );
  });
}

async function isVersion(program, version) {
  return existsSync(program) && (await outputOf(program, ['--version'])) === `v${version}`;
}

/** The platform package that the install script of `node` would have taken. */
async function fetchNode(root, version, program) {
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = mkdtempSync(join(tmpdir(), 'connectgain-node-'));
  try {
    const args = [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      `${name}@${version}`,
    ];
    if ((await runChild('npm', args, { cwd: folder, env: npmEnvironment(root) })) !== 0) {
      throw new Sentence(
        `Node ${version} cannot be fetched (${name}): see what npm says above, mend it, and run the command again.`,
      );
    }
    mkdirSync(join(program, '..'), { recursive: true });
    rmSync(program, { force: true });
    copyFileSync(
      join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
      program,
    );
    chmodSync(program, 0o755);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
