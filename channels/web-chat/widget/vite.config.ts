import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

/**
 * Writes everything beyond ASCII as escapes: a page that does not declare UTF-8 reads a script in its own encoding, and
 * the Arabic texts would arrive as garbage.
 */
const asciiOnly: Plugin = {
  name: 'ascii-only',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== 'chunk') continue;
      file.code = file.code.replaceAll(
        /[\u0080-\uffff]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

/**
 * One classic script without dependencies: it runs on other people's pages, so it makes no globals but its own and
 * loads nothing else. The target is what the widget's own features need (`AbortSignal.any`, 2024).
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: false,
  logLevel: 'warn',
  plugins: [asciiOnly],
  build: {
    target: ['chrome116', 'firefox124', 'safari17.4'],
    outDir: 'dist',
    emptyOutDir: true,
    lib: {
      entry: fileURLToPath(new URL('./src/main.ts', import.meta.url)),
      formats: ['iife'],
      name: 'ConnectGainChatBundle',
      fileName: () => 'widget.js',
    },
  },
});
