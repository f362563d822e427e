/**
 * Checks that save a round trip. The database normalises and decides (database/migrations/0004_contacts.sql); these are the
 * same rules, so that a person hears at once.
 */
const SEPARATORS = /[\s\-().\u00a0\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** International form with 8 to 15 digits (ITU-T E.164), or null. Arabic-Indic digits are read as digits. */
export function normalizePhone(raw: string): string | null {
  const digits = raw
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(SEPARATORS, '');
  return /^\+?[0-9]{8,15}$/.test(digits) ? `+${digits.replace(/^\+/, '')}` : null;
}

export function normalizeEmail(raw: string): string | null {
  const email = raw.trim().toLowerCase();
  return /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(email) && email.length <= 320 ? email : null;
}
