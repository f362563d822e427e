/**
 * Where in a token's claims the role is: `.a.b`, `."any key"`, `[0]`, and as a last step `[?(@ == "word")]`, which takes the
 * first text of a list that compares so. Source: https://docs.postgrest.org/en/v14/references/auth.html#jwt-role-extraction
 */

type Comparison = '==' | '!=' | '^==' | '==^' | '*==';
type Step = { key: string } | { index: number } | { comparison: Comparison; text: string };
export type RoleClaim = readonly Step[];

const step =
  /\.(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9_$@-]+))|\[(\d+)\]|\[\?\(@ *(==\^|\^==|\*==|==|!=) *"((?:[^"\\]|\\.)*)"\)\]/y;

/** Undefined for what is no such path. */
export const parseRoleClaim = (path: string): RoleClaim | undefined => {
  const steps: Step[] = [];
  step.lastIndex = 0;
  let end = 0;
  for (let match = step.exec(path); match !== null; match = step.exec(path)) {
    const [, quoted, key = quoted, index, comparison, text] = match;
    if (isComparison(comparison)) steps.push({ comparison, text: unquote(text ?? '') });
    else if (index !== undefined) steps.push({ index: Number(index) });
    else steps.push({ key: quoted === undefined ? (key ?? '') : unquote(quoted) });
    end = step.lastIndex;
  }
  return end === path.length && steps.length > 0 ? steps : undefined;
};

const comparisons = new Set<string | undefined>(['==', '!=', '^==', '==^', '*==']);
const isComparison = (word: string | undefined): word is Comparison => comparisons.has(word);
const unquote = (text: string): string => text.replace(/\\(.)/g, '$1');

const compares: Record<Comparison, (value: string, text: string) => boolean> = {
  '==': (value, text) => value === text,
  '!=': (value, text) => value !== text,
  '^==': (value, text) => value.startsWith(text),
  '==^': (value, text) => value.endsWith(text),
  '*==': (value, text) => value.includes(text),
};

/** The role at the path; what is no text is taken as its JSON. Undefined when there is nothing. */
export const roleAt = (claims: Readonly<Record<string, unknown>>, path: RoleClaim): string | undefined => {
  let value: unknown = claims;
  for (const next of path) value = follow(value, next);
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
};

const follow = (value: unknown, next: Step): unknown => {
  if ('key' in next) {
    return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, next.key)
      ? Reflect.get(value, next.key)
      : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  if ('index' in next) return value[next.index];
  return value.find((item) => typeof item === 'string' && compares[next.comparison](item, next.text));
};
