import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { isPackage, type LockEntry, placesOf, readLock } from './lockfile.ts';
import { readRooms, root } from './rooms.ts';

const lock = await readLock();
const known = new Set(lock.map((entry) => entry.path));

it('package-lock.json says what every package.json says', async () => {
  for (const folder of ['', ...(await readRooms()).map((room) => room.folder)]) {
    const manifest = JSON.parse(await readFile(`${root}/${folder}/package.json`, 'utf8'));
    const entry = lock.find(({ path }) => path === folder);
    for (const kind of ['dependencies', 'devDependencies'] as const) {
      expect(entry?.[kind] ?? {}, `${folder || 'root'}: ${kind}`).toEqual(manifest[kind] ?? {});
    }
  }
});

/*
 * npm leaves out what a registry does not have (yet), and `npm ci` then refuses, or leaves a Mac without its programs. Where this fails take
 * the newest version whose packages for other machines are all there.
 */
it('package-lock.json has the packages of every kind of machine', () => {
  const wanted = lock.flatMap((entry) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }).map((name) => ({ name, entry })),
  );
  const missing = wanted.filter(({ name, entry }) => !placesOf(name, entry.path).some((path) => known.has(path)));
  expect(missing.map(({ name, entry }) => `${name} of ${entry.path}`)).toEqual([]);
});

it('package-lock.json names no registry, and the content of every package', () => {
  const packages = lock.filter(isPackage);
  expect(packages.filter((entry) => entry.resolved).map(({ path }) => path)).toEqual([]);
  expect(packages.filter((entry) => !entry.integrity && !entry.inBundle).map(({ path }) => path)).toEqual([]);
});

const allowed = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'ISC',
  'BlueOak-1.0.0',
  'Unlicense',
  'Python-2.0',
  'Zlib',
  // Fonts.
  'OFL-1.1',
]);

/** libvips, the library of images below sharp: LGPL, loaded as a file of its own that anybody may replace. */
const replaceable = /^node_modules\/@img\/sharp-(libvips|wasm32|win32)/;

async function licenceOf(entry: LockEntry): Promise<string> {
  const text = await readFile(`${root}/${entry.path}/package.json`, 'utf8').catch(() => null);
  // Packages for other machines are not installed.
  const licence = text === null ? entry.license : JSON.parse(text).license;
  return typeof licence === 'string' ? licence : 'none';
}

/** SPDX: any side of OR, every side of AND. */
function isAllowed(licence: string): boolean {
  const choices = licence.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((part) => allowed.has(part)));
}

it('what runs in production is licensed so that anyone may run and change it', async () => {
  const packages = lock.filter((entry) => isPackage(entry) && !entry.dev);
  expect(packages.length).toBeGreaterThan(100);
  const licences = await Promise.all(packages.map(async (entry) => ({ entry, licence: await licenceOf(entry) })));
  const others = licences.filter(({ entry, licence }) => !isAllowed(licence) && !replaceable.test(entry.path));
  expect(others.map(({ entry, licence }) => `${entry.path}: ${licence}`)).toEqual([]);
});
