/** The `Prefer` header. Source: RFC 7240 and https://docs.postgrest.org/en/v14/references/api/preferences.html */

export interface Preferences {
  resolution?: 'merge-duplicates' | 'ignore-duplicates';
  return?: 'representation' | 'minimal' | 'headers-only';
  count?: 'exact' | 'planned' | 'estimated';
  tx?: 'commit' | 'rollback';
  missing?: 'default' | 'null';
  handling?: 'strict' | 'lenient';
  timezone?: string;
  maxAffected?: number;
  /** Preferences that nobody here understands, as written. */
  unknown: readonly string[];
}

const words = {
  resolution: ['merge-duplicates', 'ignore-duplicates'],
  return: ['representation', 'minimal', 'headers-only'],
  count: ['exact', 'planned', 'estimated'],
  tx: ['commit', 'rollback'],
  missing: ['default', 'null'],
  handling: ['strict', 'lenient'],
} as const;

const pick = <W extends string>(all: readonly string[], name: string, allowed: readonly W[]): W | undefined => {
  for (const preference of all) {
    const found = allowed.find((word) => preference === `${name}=${word}`);
    if (found !== undefined) return found;
  }
  return undefined;
};

const none: Preferences = { unknown: [] };

/**
 * @param header all `Prefer` headers joined by commas, as Node gives them
 * @param allowTx whether the caller may choose how the transaction ends; otherwise `tx=` is ignored
 */
export const parsePreferences = (header: string | undefined, allowTx: boolean): Preferences => {
  if (header === undefined || header === '') return none;
  const all = header.split(',').map((preference) => preference.trim());
  const prefixed = (prefix: string) => all.find((preference) => preference.startsWith(prefix))?.slice(prefix.length);
  const maxAffected = prefixed('max-affected=');
  return {
    resolution: pick(all, 'resolution', words.resolution),
    return: pick(all, 'return', words.return),
    count: pick(all, 'count', words.count),
    tx: allowTx ? pick(all, 'tx', words.tx) : undefined,
    missing: pick(all, 'missing', words.missing),
    handling: pick(all, 'handling', words.handling),
    timezone: prefixed('timezone='),
    maxAffected: maxAffected !== undefined && /^-?\d{1,15}$/.test(maxAffected) ? Number(maxAffected) : undefined,
    unknown: all.filter((preference) => !isKnown(preference)),
  };
};

const isKnown = (preference: string): boolean => {
  if (preference.startsWith('timezone=') || preference.startsWith('max-affected=')) return true;
  return Object.entries(words).some(([name, allowed]) => allowed.some((word) => preference === `${name}=${word}`));
};

/** The `Preference-Applied` header for the preferences that had an effect. */
export const preferenceApplied = (applied: Omit<Preferences, 'unknown'>): string | undefined => {
  const parts: string[] = [];
  if (applied.resolution) parts.push(`resolution=${applied.resolution}`);
  if (applied.missing) parts.push(`missing=${applied.missing}`);
  if (applied.return) parts.push(`return=${applied.return}`);
  if (applied.count) parts.push(`count=${applied.count}`);
  if (applied.tx) parts.push(`tx=${applied.tx}`);
  if (applied.handling) parts.push(`handling=${applied.handling}`);
  if (applied.timezone) parts.push(`timezone=${applied.timezone}`);
  if (applied.maxAffected !== undefined && applied.handling === 'strict') {
    parts.push(`max-affected=${applied.maxAffected}`);
  }
  return parts.length === 0 ? undefined : parts.join(', ');
};
