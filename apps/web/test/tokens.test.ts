import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, readTokens } from './contrast.ts';

const css = readFileSync(new URL('../src/design/tokens.css', import.meta.url), 'utf8');
const themes = { light: readTokens(css, ':root'), dark: readTokens(css, ':root[data-theme="dark"]') };

/** Text on the surfaces it is put on: WCAG 2.2 asks for 4.5:1. */
const textPairs: [string, string][] = [
  ...['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected'].flatMap((ground): [string, string][] => [
    ['ink', ground],
    ['ink-2', ground],
    ['ink-3', ground],
  ]),
  ['ink', 'pressed'],
  ['ink-2', 'pressed'],
  ['accent-ink', 'surface'],
  ['accent-ink', 'canvas'],
  ['accent-ink', 'hover'],
  ['accent-ink', 'selected'],
  ['accent-ink', 'accent-soft'],
  ['accent-ink', 'bubble-in'],
  ['accent-ink', 'bubble-out'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-hover'],
  ...['success', 'warning', 'danger', 'info'].flatMap((tone): [string, string][] => [
    [`${tone}-ink`, `${tone}-soft`],
    [`${tone}-ink`, 'surface'],
    [`${tone}-ink`, 'selected'],
    [`${tone}-ink`, 'hover'],
  ]),
  ['ink', 'bubble-in'],
  ['ink', 'bubble-out'],
  ['bubble-meta', 'bubble-in'],
  ['bubble-meta', 'bubble-out'],
  ['note-ink', 'note'],
  ['ink', 'note'],
  ['surface', 'ink'],
  ...Array.from({ length: 8 }, (_, index): [string, string] => [
    `tint-${String(index + 1)}-ink`,
    `tint-${String(index + 1)}`,
  ]),
];

/** Icons, borders of controls and the focus ring: 3:1. */
const shapePairs: [string, string][] = [
  ['line-strong', 'surface'],
  ['line-strong', 'raised'],
  ['tick-read', 'bubble-out'],
  ['tick-read', 'surface'],
  ['focus', 'surface'],
  ['focus', 'canvas'],
  ['focus', 'raised'],
  ['focus', 'selected'],
  ['focus', 'note'],
];

describe.each(['light', 'dark'] as const)('the %s theme', (name) => {
  const tokens = themes.dark;
  const of = (token: string) => (name === 'dark' ? tokens.get(token) : undefined) ?? themes.light.get(token);
  const ratio = ([front, ground]: [string, string]) => {
    const one = of(front);
    const other = of(ground);
    if (one === undefined || other === undefined) throw new Error(`No token ${one === undefined ? front : ground}`);
    return contrast(one, other);
  };

  it('keeps every text at 4.5:1 or more on what it stands on', () => {
    const weak = textPairs
      .filter((pair) => ratio(pair) < 4.5)
      .map((pair) => `${pair.join(' on ')}: ${ratio(pair).toFixed(2)}`);
    expect(weak).toEqual([]);
  });

  it('keeps icons, control borders and the focus ring at 3:1 or more', () => {
    const weak = shapePairs
      .filter((pair) => ratio(pair) < 3)
      .map((pair) => `${pair.join(' on ')}: ${ratio(pair).toFixed(2)}`);
    expect(weak).toEqual([]);
  });
});

it('gives the dark theme a value of its own for every colour', () => {
  const shared = [...themes.light.keys()].filter((token) => !themes.dark.has(token));
  expect(shared.filter((token) => !token.startsWith('channel-'))).toEqual([]);
});
