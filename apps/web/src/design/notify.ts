import { toast } from 'sonner';

/** Milliseconds an undo stays on offer (rule 10 of the interface: at least 8 s). */
export const UNDO_MS = 8_000;

/** A plain confirmation that something happened. */
export function notifyDone(message: string): void {
  toast(message, { duration: 4_000 });
}

/** Something was done that can be taken back. */
export function notifyUndo(message: string, undo: { label: string; run: () => void }): void {
  toast(message, { duration: UNDO_MS, action: { label: undo.label, onClick: () => undo.run() } });
}

/** Something failed: what happened, why, and a way to try again. Stays long enough to be read. */
export function notifyFailure(message: string, options: { reason?: string; retry?: { label: string; run: () => void } } = {}): void {
  const { reason, retry } = options;
  toast.error(message, {
    duration: 12_000,
    ...(reason === undefined ? {} : { description: reason }),
    ...(retry === undefined ? {} : { action: { label: retry.label, onClick: () => retry.run() } }),
  });
}
