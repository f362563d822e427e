import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A small checkout of its own with our scripts, and an `npm` that only does what the scripts rely on and writes down its calls. */
export interface Checkout {
  root: string;
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  /** Runs `node scripts/run.mjs ...`. */
  run(...args: string[]): Promise<{ code: number | null; output: string; lastLine: string }>;
  start(...args: string[]): ReturnType<typeof spawn>;
  /** Calls of npm so far, one line each. */
  npmCalls(): Promise<string[]>;
}

const scripts = dirname(dirname(fileURLToPath(import.meta.url)));

/** Answers like npm: `ci` and `install` fill node_modules, `run build` makes apps/web/dist, `install --prefix` fetches a Node. */
const npm = `#!/bin/sh
echo "$@" >> "$CHECKOUT/npm.log"
case "$1 $2" in
"ci "*)
  [ -f "$CHECKOUT/ci-fails" ] && exit 1
  [ -f "$CHECKOUT/ci-is-killed" ] && kill -9 $PPID && exit 1
  ;;
"install --prefix")
  bin="$3/node_modules/node-$NODE_PLATFORM/bin"
  mkdir -p "$bin"
  printf '#!/bin/sh\\n[ "$1" = --version ] && echo v99.0.0 && exit\\nexec "$REAL_NODE" "$@"\\n' > "$bin/node"
  exit 0
  ;;
"install "*)
  [ -f "$CHECKOUT/install-fails" ] && exit 1
  ;;
"run --silent")
  [ -f "$CHECKOUT/build-fails" ] && exit 1
  mkdir -p "$CHECKOUT/apps/web/dist" "$CHECKOUT/channels/web-chat/widget/dist"
  touch "$CHECKOUT/apps/web/dist/index.html" "$CHECKOUT/channels/web-chat/widget/dist/widget.js"
  exit 0
  ;;
esac
mkdir -p "$CHECKOUT/node_modules"
cp -r "$CHECKOUT/fixture/." "$CHECKOUT/node_modules/"
cp "$CHECKOUT/package-lock.json" "$CHECKOUT/node_modules/.package-lock.json"
`;

const exitsWith = (file: string) =>
  `import { existsSync } from 'node:fs';\nprocess.exit(existsSync(process.env.CHECKOUT + '/${file}') ? 1 : 0);\n`;

const vitest = `
import { readFileSync, writeFileSync } from 'node:fs';
const counts = readFileSync(process.env.CHECKOUT + '/counts.json', 'utf8');
if (counts) writeFileSync(process.env.CONNECTGAIN_TEST_SUMMARY, counts);
process.exit(JSON.parse(counts || '{"failed":1}').failed ? 1 : 0);
`;

const lockOf = (version: string) =>
  JSON.stringify({
    packages: {
      '': { name: 'small' },
      'node_modules/biome': { version },
      'node_modules/elsewhere': { version: '1.0.0', optional: true },
    },
  });

export async function makeCheckout(): Promise<Checkout> {
  const root = await mkdtemp(join(tmpdir(), 'connectgain-checkout-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ type: 'module', dependencies: { node: process.version.slice(1) } }),
    'package-lock.json': lockOf('1.0.0'),
    'counts.json': '{"passed":7,"failed":0}',
    'bin/npm': npm,
    'fixture/package.json': '{"type":"module"}',
    'fixture/@biomejs/biome/bin/biome': exitsWith('biome-fails'),
    'fixture/typescript/bin/tsc': exitsWith('types-fail'),
    'fixture/vitest/vitest.mjs': vitest,
    'apps/web/index.html': '<p>',
    'tmp/.keep': '',
    'apps/web/src/main.tsx': 'one',
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  await chmod(join(root, 'bin/npm'), 0o755);
  await cp(scripts, join(root, 'scripts'), { recursive: true, filter: (path) => !path.includes('/test/') });

  const start = (...args: string[]) =>
    spawn(process.execPath, ['scripts/run.mjs', ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}`,
        CHECKOUT: root,
        TMPDIR: join(root, 'tmp'),
        REAL_NODE: process.execPath,
        NODE_PLATFORM: `${process.platform}-${process.arch}`,
      },
    });
  return {
    root,
    write,
    read: (path) => readFile(join(root, path), 'utf8'),
    start,
    async run(...args) {
      const child = start(...args);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
      const [code] = await once(child, 'close');
      return { code, output, lastLine: output.trimEnd().split('\n').at(-1) ?? '' };
    },
    async npmCalls() {
      const log = await readFile(join(root, 'npm.log'), 'utf8').catch(() => '');
      return log.split('\n').filter((line) => line !== '');
    },
  };
}

/** A lockfile that asks for another version than the one in node_modules. */
export const otherLock = lockOf('2.0.0');
