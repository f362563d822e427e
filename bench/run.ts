/** `npm run bench [name …]`: prints every figure and appends the run to bench/RESULTS.md. */
import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import type { BenchResult } from './result.ts';

const benches: Record<string, () => Promise<{ run(): Promise<BenchResult[]> }>> = {
  rest: () => import('./restList.ts'),
  webhooks: () => import('./webhooks.ts'),
  realtime: () => import('./realtimeFanout.ts'),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}: choose among ${Object.keys(benches).join(', ')}.`);
  process.exit(1);
}

const figure = (value: number) => (value >= 100 ? Math.round(value).toString() : value.toPrecision(3));
const lines: string[] = [];
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  const load = benches[name];
  if (!load) continue;
  for (const result of await (await load()).run()) {
    const against = result.baseline === undefined ? '' : `${figure(result.baseline)} ${result.unit}`;
    const ratio = result.ratio === undefined ? '' : result.ratio.toFixed(2);
    const line = `| ${result.name} | ${figure(result.value)} ${result.unit} | ${against} | ${ratio} | ${result.bar ?? ''} |`;
    console.log(line);
    lines.push(line);
  }
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`;
appendFileSync(
  new URL('./RESULTS.md', import.meta.url),
  `\n## ${new Date().toISOString().slice(0, 10)}, commit ${commit}\n\n${machine}\n\n| figure | value | baseline | ratio | bar |\n|---|---|---|---|---|\n${lines.join('\n')}\n`,
);
