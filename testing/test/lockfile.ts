import { readFile } from 'node:fs/promises';
import { root } from './rooms.ts';

/** What package-lock.json (version 3) says of one place in node_modules, or of the folder of a room. */
export interface LockEntry {
  path: string;
  version?: string;
  resolved?: string;
  integrity?: string;
  license?: string;
  /** A room, which npm links into node_modules. */
  link?: boolean;
  /** Only there for development. */
  dev?: boolean;
  /** Comes inside another package. */
  inBundle?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export async function readLock(): Promise<LockEntry[]> {
  const lock: { packages: Record<string, Omit<LockEntry, 'path'>> } = JSON.parse(
    await readFile(`${root}/package-lock.json`, 'utf8'),
  );
  return Object.entries(lock.packages).map(([path, entry]) => ({ ...entry, path }));
}

export const isPackage = (entry: LockEntry) => entry.path.includes('node_modules/') && !entry.link;

/** Where Node looks for a package from a place: in its own node_modules, then in those of the folders above. */
export function placesOf(name: string, from: string): string[] {
  const parts = from === '' ? [] : from.split('/');
  const folders = parts.map((_, index) => parts.slice(0, parts.length - index).join('/')).concat('');
  return folders
    .filter((folder) => !folder.endsWith('node_modules'))
    .map((folder) => `${folder && `${folder}/`}node_modules/${name}`);
}
