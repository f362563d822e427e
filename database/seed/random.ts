/** Repeatable numbers (mulberry32): every demo workspace looks the same, and screenshots can be compared. */
export interface Random {
  /** 0 <= n < below */
  int(below: number): number;
  pick<T>(from: readonly T[]): T;
  chance(probability: number): boolean;
  digits(count: number): string;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  const int = (below: number) => Math.floor(next() * below);
  return {
    int,
    pick<T>(from: readonly T[]): T {
      const chosen = from[int(from.length)];
      if (chosen === undefined) throw new RangeError('pick needs at least one element');
      return chosen;
    },
    chance: (probability) => next() < probability,
    digits: (count) => Array.from({ length: count }, () => int(10)).join(''),
  };
}
