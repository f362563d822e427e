import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where a running server answers while `vite` serves the source with hot reload. */
const server = process.env.CONNECTGAIN_URL ?? 'http://127.0.0.1:3000';
const proxied = [
  '/rest',
  '/auth',
  '/storage',
  '/functions',
  '/app-config.json',
  '/widget.js',
  '/sandbox/site',
  '/health',
];

/** Serves the emoji picker's data from ourselves: an inbox must not ask a stranger's server. */
function emojiData(): Plugin {
  const require = createRequire(import.meta.url);
  const files = ['en/data.json', 'en/messages.json'];
  const source = (file: string) => readFile(require.resolve(`emojibase-data/${file}`), 'utf8');
  return {
    name: 'emoji-data',
    async generateBundle() {
      for (const file of files)
        this.emitFile({ type: 'asset', fileName: `emojibase/${file}`, source: await source(file) });
    },
    configureServer({ middlewares }) {
      middlewares.use('/emojibase', (request, response, next) => {
        const file = files.find((one) => request.url === `/${one}`);
        if (file === undefined) return next();
        response.setHeader('content-type', 'application/json');
        source(file).then((text) => response.end(text), next);
      });
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss(), emojiData()],
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    // The budget test follows it to what the inbox loads first.
    manifest: 'manifest.json',
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What every screen needs comes in one file that stays cached over releases of our own code.
        codeSplitting: {
          groups: [
            {
              name: 'core',
              test: /node_modules\/(react|react-dom|scheduler|i18next|react-i18next|html-parse-stringify|use-sync-external-store|clsx|@tanstack|@supabase|iceberg-js)\//,
            },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      ...Object.fromEntries(proxied.map((path) => [path, { target: server }])),
      '/realtime': { target: server, ws: true },
    },
  },
});
