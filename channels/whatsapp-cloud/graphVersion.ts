/**
 * The version of Meta's Graph API that everything here speaks, pinned in this one place: a version that is left out of a
 * URL means “the oldest still available”, which changes under our feet. Dates from Meta's own list,
 * https://developers.facebook.com/docs/graph-api/changelog/versions/ (read 2026-11). v22.0 is what the product documents.
 */
export const graphVersion = {
  version: 'v22.0',
  released: '2025-01-21',
  /** From this day Meta answers v22.0 calls as v23.0, and changes of v23.0 apply. */
  availableUntil: '2027-05-20',
  baseUrl: 'https://graph.facebook.com',
} as const;

const DAY = 24 * 60 * 60 * 1000;

/** One sentence for operators once the pinned version has at most `noticeDays` left, otherwise null. */
export function graphVersionWarning(now: Date, noticeDays = 120): string | null {
  const days = Math.floor((Date.parse(`${graphVersion.availableUntil}T00:00:00Z`) - now.getTime()) / DAY);
  if (days > noticeDays) return null;
  return days < 0
    ? `Meta ended Graph API ${graphVersion.version} on ${graphVersion.availableUntil}. Update ConnectGain to a release that speaks a newer version.`
    : `Meta ends Graph API ${graphVersion.version} on ${graphVersion.availableUntil}, in ${days} days. Plan to update ConnectGain before.`;
}
