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
    // The default of one second is too short for a machine that does other work; what succeeds does not wait longer for it.
    expect: { poll: { timeout: 15_000, interval: 20 } },
  },
});
