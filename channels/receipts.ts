import type { ReceiptStatus } from './inbound.ts';

/** The states of an outgoing message, as stored in `messages.status`. */
export type OutboundStatus = 'PENDING' | ReceiptStatus;

/** FAILED ends a message that was not delivered; a message that did arrive cannot fail any more. */
const rank: Readonly<Record<OutboundStatus, number>> = { PENDING: 0, SENT: 1, FAILED: 2, DELIVERED: 3, READ: 4 };

/**
 * Whether a receipt moves a message forward. Providers deliver receipts late, twice and out of order: `read` may come
 * before `delivered` or replace it, and a status never goes back.
 */
export function movesForward(current: OutboundStatus, next: ReceiptStatus): boolean {
  return rank[next] > rank[current];
}
