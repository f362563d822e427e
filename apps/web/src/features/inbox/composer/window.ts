export type ReplyWindow =
  /** The channel has no window, or the conversation is on one without. */
  | { state: 'always' }
  | { state: 'open'; remainingMs: number }
  /** `at` is null when the customer has never written. */
  | { state: 'shut'; at: string | null };

/** Whether a free text may be sent now. The database keeps the moment; a channel with a window and no moment is shut. */
export function replyWindow(expiresAt: string | null, windowHours: number | null, now: Date): ReplyWindow {
  if (windowHours === null) return { state: 'always' };
  if (expiresAt === null) return { state: 'shut', at: null };
  const remainingMs = Date.parse(expiresAt) - now.getTime();
  return remainingMs > 0 ? { state: 'open', remainingMs } : { state: 'shut', at: expiresAt };
}
