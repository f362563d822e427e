import { describe, expect, it } from 'vitest';
import { arabic } from '../src/i18n/ar/index.ts';
import { english } from '../src/i18n/en/index.ts';

type Tree = { [key: string]: string | Tree };

function flatten(tree: Tree, path = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[path + key, value]] : [...flatten(value, `${path}${key}.`)],
    ),
  );
}

const en = flatten(english);
const ar = flatten(arabic);
const PLURAL = /_(zero|one|two|few|many|other)$/;
const base = (key: string) => key.replace(PLURAL, '');
const plurals = new Set([...en.keys()].filter((key) => key.endsWith('_other')).map(base));
const variables = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

describe('Arabic', () => {
  it('says everything that English says, and nothing else', () => {
    const wanted = new Set([...en.keys()].map(base));
    const said = new Set([...ar.keys()].map(base));
    expect([...wanted].filter((key) => !said.has(key))).toEqual([]);
    expect([...said].filter((key) => !wanted.has(key))).toEqual([]);
  });

  it('has all six plural forms wherever something is counted', () => {
    const missing = [...plurals].flatMap((key) =>
      ['zero', 'one', 'two', 'few', 'many', 'other'].map((form) => `${key}_${form}`).filter((form) => !ar.has(form)),
    );
    expect(missing).toEqual([]);
  });

  it('fills in the same values, except where a word takes the place of a number', () => {
    const wrong = [...ar].flatMap(([key, text]) => {
      const source = en.get(key) ?? en.get(`${base(key)}_other`) ?? '';
      const allowed = new Set(variables(source));
      const unknown = variables(text).filter((name) => !allowed.has(name));
      const dropped = PLURAL.test(key) ? [] : variables(source).filter((name) => !variables(text).includes(name));
      return [...unknown, ...dropped].map((name) => `${key}: ${name ?? ''}`);
    });
    expect(wrong).toEqual([]);
  });

  it('is written in Arabic', () => {
    const latin = [...ar].filter(
      ([, text]) => text.replaceAll(/\{\{\w+\}\}/g, '').match(/\p{L}/u) !== null && !/\p{Script=Arabic}/u.test(text),
    );
    expect(latin.map(([key]) => key)).toEqual([]);
  });
});

it('speaks without exclamation marks and without empty texts', () => {
  // What the Sandbox's customer says is the customer's own way of speaking.
  const ours = [...en, ...ar].filter(([key]) => !key.startsWith('sandbox.phone.lines'));
  expect(ours.filter(([, text]) => text.trim() === '' || /[!！]/.test(text)).map(([key]) => key)).toEqual([]);
});
