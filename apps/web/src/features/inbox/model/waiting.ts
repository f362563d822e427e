const MINUTE = 60_000;

/** From when a waiting customer is worth a colour: half an hour, and two hours. */
const SOON_MS = 30 * MINUTE;
const LATE_MS = 120 * MINUTE;

export function waitTone(waitedMs: number): 'calm' | 'soon' | 'late' {
  return waitedMs >= LATE_MS ? 'late' : waitedMs >= SOON_MS ? 'soon' : 'calm';
}
