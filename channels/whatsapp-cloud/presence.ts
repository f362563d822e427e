import type { CallOptions, SeenMessage } from '../contract.ts';
import type { Transport } from '../transport.ts';
import type { WhatsappCloudAccount } from './account.ts';
import { graphRequest } from './graphRequest.ts';

async function markStatus(
  account: WhatsappCloudAccount,
  seen: SeenMessage,
  extra: Record<string, unknown>,
  transport: Transport,
  options: CallOptions,
): Promise<void> {
  const json = { messaging_product: 'whatsapp', status: 'read', message_id: seen.externalId, ...extra };
  const call = { method: 'POST' as const, path: `${account.phoneNumberId}/messages`, json, repeatable: true };
  await graphRequest(account, call, transport, options);
}

/** Blue ticks for this message and all before it (“Mark messages as read”). */
export async function markRead(
  account: WhatsappCloudAccount,
  seen: SeenMessage,
  transport: Transport,
  options: CallOptions = {},
): Promise<void> {
  await markStatus(account, seen, {}, transport, options);
}

/** “typing…” for 25 seconds or until we answer; WhatsApp marks the message as read with it (“Typing indicators”). */
export async function showTyping(
  account: WhatsappCloudAccount,
  seen: SeenMessage,
  transport: Transport,
  options: CallOptions = {},
): Promise<void> {
  await markStatus(account, seen, { typing_indicator: { type: 'text' } }, transport, options);
}
