import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/** Environment variable with the file that the counts are written to. */
export const summaryVariable = 'CONNECTGAIN_TEST_SUMMARY';

export interface TestSummary {
  passed: number;
  failed: number;
}

/** Counts tests; a file that cannot be loaded and an error outside of any test count as one failed test each. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const file = process.env[summaryVariable];
    if (!file) return;
    const summary: TestSummary = { passed: 0, failed: unhandled.length };
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') summary.passed += 1;
        if (state === 'failed') summary.failed += 1;
      }
      if (module.state() === 'failed' && module.errors().length > 0) summary.failed += 1;
    }
    writeFileSync(file, JSON.stringify(summary));
  }
}
