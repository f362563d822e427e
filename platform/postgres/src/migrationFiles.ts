import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeOf, MigrationError } from './errors.ts';

/** A named series of migrations: a folder of files `0001_what_it_does.sql`, applied in the order of their numbers. */
export interface MigrationSet {
  name: string;
  /** Path or file URL of the folder. A folder that does not exist is an empty series. */
  directory: string | URL;
  /** Runs before the set's files at every migration, under the same lock: for a library that brings its own schema. Must be idempotent. */
  prepare?(database: { url: string }): Promise<void>;
}

export interface MigrationFile {
  set: string;
  number: number;
  /** File name, for example `0001_roles.sql`. */
  file: string;
  sql: string;
  /** SHA-256 of the text with line endings normalised, so that a checkout on Windows counts as the same file. */
  checksum: string;
}

const fileName = /^(\d{4})_([a-z0-9_]+)\.sql$/;

/** The files of a set in order. Rejects with MigrationError on a file that is not named as one, or a number used twice. */
export async function readMigrations(set: MigrationSet): Promise<MigrationFile[]> {
  const directory = typeof set.directory === 'string' ? set.directory : fileURLToPath(set.directory);
  const names = (await listFolder(directory)).filter((name) => name.endsWith('.sql')).sort();
  const files: MigrationFile[] = [];
  for (const file of names) {
    const number = Number(fileName.exec(file)?.[1]);
    if (!Number.isInteger(number)) {
      throw new MigrationError(
        set.name,
        file,
        `${set.name}/${file} must be named like 0001_what_it_does.sql: rename it.`,
      );
    }
    const previous = files.at(-1);
    if (previous?.number === number) {
      throw new MigrationError(
        set.name,
        file,
        `${set.name}/${file} and ${previous.file} have the same number: give the newer one the next free number.`,
      );
    }
    const sql = (await readFile(join(directory, file), 'utf8')).replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
    files.push({ set: set.name, number, file, sql, checksum: createHash('sha256').update(sql).digest('hex') });
  }
  return files;
}

async function listFolder(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
