/** What the address says besides whose phone is shown. */
export interface SandboxSearch {
  /** The sandbox channel, where a workspace has more than one. */
  channel?: string | undefined;
  /** What a customer who has not written yet will be called. */
  name?: string | undefined;
}

export function readSandboxSearch(raw: Record<string, unknown>): SandboxSearch {
  return { channel: textOf(raw.channel), name: textOf(raw.name) };
}

/** The router reads `?name=42` as a number; people may be called that. */
function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '' ? undefined : text.slice(0, 100);
}
