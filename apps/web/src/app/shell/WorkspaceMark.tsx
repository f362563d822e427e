import { initials, tintOf } from '#design/initials.ts';

/** A workspace's letter on its own tint. */
export function WorkspaceMark({ id, name }: { id: string; name: string }) {
  const tint = String(tintOf(id));
  return (
    <span
      aria-hidden="true"
      className="flex size-6 shrink-0 items-center justify-center rounded-control text-11 font-strong"
      style={{ backgroundColor: `var(--tint-${tint}-ink)`, color: `var(--tint-${tint})` }}
    >
      {initials(name).slice(0, 1)}
    </span>
  );
}
