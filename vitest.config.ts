import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{apps,platform}/*/test/**/*.test.{ts,tsx}',
      '{channels,features,database,testing,bench}/**/*.test.ts',
      'scripts/test/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'forks',
    maxWorkers: 2,
    globalSetup: ['./testing/globalSetup.ts'],
    setupFiles: ['./testing/noNetwork.ts'],
    reporters: ['default', './testing/summaryReporter.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 15_000,
  },
});
