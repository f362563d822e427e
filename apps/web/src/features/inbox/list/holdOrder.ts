/**
 * Rows in the order in which they stood, while someone is reading or pointing at them. Known rows stay where they are
 * and show their new content, gone rows go, rows that would come in above are kept back and counted, rows that come in
 * below (the next page) are added.
 */
export function holdOrder<T extends { id: string }>(
  shown: readonly string[],
  live: readonly T[],
): { rows: T[]; keptBack: number } {
  const byId = new Map(live.map((row) => [row.id, row]));
  const known = new Set(shown);
  const rows = shown.flatMap((id) => byId.get(id) ?? []);
  const lastShown = live.findLastIndex((row) => known.has(row.id));
  const fresh = live.flatMap((row, index) => (known.has(row.id) ? [] : [{ row, index }]));
  const below = fresh.filter(({ index }) => index > lastShown);
  return { rows: [...rows, ...below.map(({ row }) => row)], keptBack: fresh.length - below.length };
}
