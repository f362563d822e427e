const TINTS = 8;

/** One or two letters for a picture that is missing: first and last word, in any script; "?" when there is no letter. */
export function initials(name: string): string {
  const words = name
    .normalize('NFC')
    .split(/\s+/u)
    .map((word) => word.match(/\p{L}/u)?.[0] ?? '')
    .filter((letter) => letter !== '');
  const first = words.at(0);
  if (first === undefined) return name.match(/\d/u) === null ? '?' : '#';
  const last = words.length > 1 ? (words.at(-1) ?? '') : '';
  // Joined Arabic initials read as a word; a thin space keeps them two letters.
  const separator = last !== '' && /\p{Script=Arabic}/u.test(first + last) ? '\u200a' : '';
  return (first + separator + last).toLocaleUpperCase();
}

/** A tint from 1 to 8 that is always the same for the same id. */
export function tintOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  return ((hash >>> 0) % TINTS) + 1;
}
