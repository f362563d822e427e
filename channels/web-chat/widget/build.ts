import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

export interface BuiltWidget {
  /** Absolute path of the script to serve. */
  file: string;
  bytes: number;
  gzipBytes: number;
}

/** Where `buildWidget` puts the script when it is not told otherwise. */
export const widgetFile = fileURLToPath(new URL('./dist/widget.js', import.meta.url));

/** Sources whose change makes the built script stale, for the scripts that decide about building. */
export const widgetSources = [
  fileURLToPath(new URL('./src', import.meta.url)),
  fileURLToPath(new URL('./vite.config.ts', import.meta.url)),
  fileURLToPath(new URL('../protocol.ts', import.meta.url)),
];

/** Builds the widget. Takes well under a second. */
export async function buildWidget(o: { outDir?: string } = {}): Promise<BuiltWidget> {
  // Loaded here only: the server asks this file where the script is, and must not carry a bundler for that.
  const { build } = await import('vite');
  const outDir = o.outDir ?? fileURLToPath(new URL('./dist', import.meta.url));
  await build({
    configFile: fileURLToPath(new URL('./vite.config.ts', import.meta.url)),
    build: { outDir, emptyOutDir: true },
  });
  const file = `${outDir}/widget.js`;
  const script = readFileSync(file);
  return { file, bytes: script.byteLength, gzipBytes: gzipSync(script, { level: 9 }).byteLength };
}
