import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, it } from 'vitest';

const source = new URL('../src', import.meta.url).pathname;
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(tsx?|css)$/.test(name))
  .map((name) => join(source, name));

/** Tailwind utilities that name a side of the screen instead of a side of the text. */
const PHYSICAL_CLASS =
  /(?<![\w-])(?:[a-z@[\]:.0-9-]+:)?-?(?:m[lr]|p[lr]|left|right|border-[lr]|rounded-(?:[lr]|[tb][lr])|scroll-[mp][lr]|text-(?:left|right)|float-(?:left|right)|clear-(?:left|right)|inset-[lr])-?(?=[\s'"`]|\[|-?\d|-(?:auto|px|full|none|control|panel|badge))/;
/** The same in style sheets and inline styles. */
const PHYSICAL_PROPERTY =
  /(?:^|[\s{;,])(?:margin|padding|border)-(?:left|right)\b|(?:^|[\s{;])(?:left|right)\s*:|\b(?:margin|padding|border)(?:Left|Right)\b|text-align:\s*(?:left|right)/;

function findings(pattern: RegExp, only: (line: string) => boolean): string[] {
  return files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        only(line) && pattern.test(line) ? [`${relative(source, file)}:${String(index + 1)} ${line.trim()}`] : [],
      ),
  );
}

it('names sides by the direction of the text, never left or right', () => {
  const isStyled = (line: string) =>
    /class(Name)?=|cx\(|'[^']*\b(flex|absolute|fixed|px-|size-|text-|rounded-)|: '/.test(line);
  expect(findings(PHYSICAL_CLASS, isStyled)).toEqual([]);
  expect(findings(PHYSICAL_PROPERTY, () => true)).toEqual([]);
});

it('would notice a physical utility', () => {
  for (const line of [
    'className="ml-2"',
    "'flex pl-1.5'",
    'className="md:left-0"',
    'className="-mr-px"',
    'className="text-right "',
    "'rounded-l-control'",
  ]) {
    expect(PHYSICAL_CLASS.test(line), line).toBe(true);
  }
  for (const line of [
    'className="ms-2 pe-1 start-0"',
    "'text-start rounded-s-none'",
    'icon-left-over',
    'className="me-auto"',
  ]) {
    expect(PHYSICAL_CLASS.test(line), line).toBe(false);
  }
});
