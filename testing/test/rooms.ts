import { glob, readFile } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

interface Manifest {
  name: string;
  workspaces?: string[];
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export interface Source {
  /** From the root of the checkout. */
  path: string;
  text: string;
  /** Packages that it imports. */
  imports: string[];
  /** Runs at a developer's only: tests, benchmarks, builds. */
  isForDevelopment: boolean;
}

/** A workspace: what its package.json lists and what its files import. */
export interface Room {
  folder: string;
  name: string;
  dependencies: string[];
  devDependencies: string[];
  sources: Source[];
}

export async function readRoot(): Promise<{ dependencies: string[]; devDependencies: string[] }> {
  return listed(await manifestIn('.'));
}

export async function readRooms(): Promise<Room[]> {
  const { workspaces = [] } = await manifestIn('.');
  const folders: string[] = [];
  for (const pattern of workspaces) {
    for await (const file of glob(`${pattern}/package.json`, { cwd: root })) folders.push(file.replace(/\/[^/]*$/, ''));
  }
  return await Promise.all(
    folders.sort().map(async (folder) => {
      const manifest = await manifestIn(folder);
      return { folder, name: manifest.name, ...listed(manifest), sources: await sourcesIn(folder) };
    }),
  );
}

async function manifestIn(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(`${root}/${folder}/package.json`, 'utf8'));
}

function listed(manifest: Manifest) {
  return {
    dependencies: Object.keys(manifest.dependencies ?? {}),
    devDependencies: Object.keys(manifest.devDependencies ?? {}),
  };
}

export async function sourcesIn(folder: string): Promise<Source[]> {
  const sources: Source[] = [];
  const exclude = (entry: string) => /(^|\/)(node_modules|dist)$/.test(entry);
  for await (const path of glob(`${folder}/**/*.{ts,tsx,mjs,css}`, { cwd: root, exclude })) {
    const text = await readFile(`${root}/${path}`, 'utf8');
    sources.push({ path, text, imports: importsOf(text), isForDevelopment: forDevelopment.some((p) => p.test(path)) });
  }
  return sources;
}

const forDevelopment = [
  /\/(test|bench)\//,
  /^bench\//,
  /\.config\.ts$/,
  /^channels\/web-chat\/widget\/build\.ts$/,
  /^database\/generate/,
  // The simulators also play the providers of the Sandbox.
  /^testing\/(?!simulators\/)/,
];

const importing = [
  /^(?:import|export)\s[^'";]*?from\s*'([^']+)'/gm,
  /^import\s*'([^']+)'/gm,
  /\bimport\(\s*'([^']+)'\s*\)/g,
  /^@(?:import|plugin)\s+["']([^"']+)["']/gm,
];

function importsOf(text: string): string[] {
  const found = importing.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
  return [...new Set(found.filter(isPackage).map(packageOf))];
}

function isPackage(specifier: string): boolean {
  return !/^(\.|#|node:|virtual:)/.test(specifier) && !isAbsolute(specifier);
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Relative imports that leave the room. */
export function waysOut(room: Room): string[] {
  return room.sources.flatMap(({ path, text }) =>
    [...text.matchAll(/^(?:import|export)\s[^'";]*?from\s*'(\.\.[^']*)'/gm)]
      .map((match) => new URL(match[1] ?? '', `file:///${path}`).pathname.slice(1))
      .filter((target) => relative(room.folder, target).startsWith('..'))
      .map((target) => `${path} imports ${target}`),
  );
}
