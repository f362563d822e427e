/** Chosen rows of a list that is only partly loaded: some by id, or everything that matches. */
export type Selection = { all: false; ids: ReadonlySet<string>; anchor: number | null } | { all: true };

export const emptySelection: Selection = { all: false, ids: new Set(), anchor: null };

export const isSelected = (selection: Selection, id: string): boolean => selection.all || selection.ids.has(id);

export const selectedCount = (selection: Selection, total: number): number =>
  selection.all ? total : selection.ids.size;

/** Ticks one row, or with Shift everything between it and the row ticked before. `idAt` knows the loaded rows. */
export function toggleRow(
  selection: Selection,
  index: number,
  extend: boolean,
  idAt: (index: number) => string | undefined,
): Selection {
  const id = idAt(index);
  if (id === undefined) return selection;
  // Taking one out of "everything" starts a new choice with only that row left as it was.
  if (selection.all) return { all: false, ids: new Set([id]), anchor: index };
  const ids = new Set(selection.ids);
  const on = !ids.has(id);
  const from = extend && selection.anchor !== null ? Math.min(selection.anchor, index) : index;
  const to = extend && selection.anchor !== null ? Math.max(selection.anchor, index) : index;
  for (let at = from; at <= to; at += 1) {
    const one = idAt(at);
    if (one === undefined) continue;
    if (on) ids.add(one);
    else ids.delete(one);
  }
  return { all: false, ids, anchor: index };
}
