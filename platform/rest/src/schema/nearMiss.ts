/** The known name that a mistyped one probably meant. */

const grams = (word: string, size: number): Map<string, number> => {
  const padded = `-${word}-`;
  const found = new Map<string, number>();
  for (let i = 0; i + size <= padded.length; i++) {
    const gram = padded.slice(i, i + size);
    found.set(gram, (found.get(gram) ?? 0) + 1);
  }
  return found;
};

const shares = (a: string, b: string, size: number): boolean => {
  const known = grams(b, size);
  return [...grams(a, size).keys()].some((gram) => known.has(gram));
};

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

const plain = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}_, ]/gu, '');

/** 1 for equal words but for case, 0 for words that share nothing. */
export const similarity = (a: string, b: string): number => {
  const [x, y] = [plain(a), plain(b)];
  const longest = Math.max(x.length, y.length);
  // Words longer than any identifier are not typing errors, and would cost quadratic time.
  if (longest === 0 || longest > 500 || !shares(x, y, 2)) return 0;
  return 1 - distance(x, y) / longest;
};

/**
 * The most similar of `names`, if it is at least `least` alike. None where the name itself is among them: then it is not
 * the name that is wrong.
 */
export const nearest = (name: string, names: Iterable<string>, least = 0.33): string | undefined => {
  let best: { name: string; score: number } | undefined;
  for (const candidate of names) {
    const score = similarity(name, candidate);
    if (score === 1) return undefined;
    if (score >= least && score > (best?.score ?? 0)) best = { name: candidate, score };
  }
  return best?.name;
};
