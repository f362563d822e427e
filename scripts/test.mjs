import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './checks.mjs';
import { runChild } from './child.mjs';
import { say } from './say.mjs';
import { ensureWebBuild } from './webBuild.mjs';

/**
 * Everything a contributor must see green: checks, web build, tests. With arguments (paths, `-t name`) only those tests.
 * The last line is `N passed, N failed`, where each check counts as one. Returns the exit code.
 *
 * @param {string} root
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export async function runTests(root, node, args) {
  const passed = [];
  const failed = [];
  if (args.length === 0) {
    const checks = await runChecks(root, node);
    passed.push(...checks.passed);
    failed.push(...checks.failed);
  }
  // Tests picked by hand need the built web app only when they are about the programs that serve it.
  if (args.length === 0 || args.some((arg) => /^(apps|testing|bench)\b/.test(arg))) {
    ((await ensureWebBuild(root)) ? passed : failed).push('web build');
  }
  const tests = await runVitest(root, node, args);
  for (const name of failed) say(`failed: ${name}`);
  console.log(`${passed.length + tests.passed} passed, ${failed.length + tests.failed} failed`);
  return failed.length + tests.failed > 0 ? 1 : 0;
}

/** The counts come from testing/summaryReporter.ts; a run that ends without them, or badly with no test failed, counts as one failure. */
async function runVitest(root, node, args) {
  const folder = mkdtempSync(join(tmpdir(), 'connectgain-summary-'));
  const file = join(folder, 'summary.json');
  try {
    say('tests');
    const env = { ...process.env, CONNECTGAIN_TEST_SUMMARY: file };
    const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const code = await runChild(node, [program, 'run', ...args], { cwd: root, env });
    const summary = readSummary(file);
    return code !== 0 && summary.failed === 0 ? { ...summary, failed: 1 } : summary;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readSummary(file) {
  try {
    const { passed, failed } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed, failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
