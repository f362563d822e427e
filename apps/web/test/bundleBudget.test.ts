import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';

const dist = new URL('../dist/', import.meta.url);
/** Design section 10: what the inbox loads first. */
const BUDGET_KB = 250;

interface Chunk {
  file: string;
  imports?: string[];
}

beforeAll(() => {
  if (!existsSync(new URL('manifest.json', dist))) {
    throw new Error('The web app is not built: run `npm test`, or `npm run build -w apps/web`.');
  }
});

it('the inbox loads at most 250 KB of JavaScript, gzipped, before it is there', () => {
  const manifest: Record<string, Chunk> = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'));
  const files = new Set<string>();
  const follow = (key: string) => {
    const chunk = manifest[key];
    if (chunk === undefined || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const next of chunk.imports ?? []) follow(next);
  };
  follow('index.html');
  follow('src/features/inbox/InboxPage.tsx');
  const scripts = [...files].filter((file) => file.endsWith('.js'));
  const size = scripts.reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length, 0);
  expect(scripts.length).toBeGreaterThan(2);
  expect(size / 1_024).toBeLessThan(BUDGET_KB);
});
