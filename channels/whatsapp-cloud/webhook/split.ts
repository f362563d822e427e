import type { WebhookPart } from '../../contract.ts';
import type { InboundEvent } from '../../inbound.ts';
import { asList, asObject } from '../../readJson.ts';
import { readWebhookBody } from '../../webhookBody.ts';
import { accountOf, type Change, changesOf, contentKey, keyWithin, toPayload } from './changes.ts';
import { itemLists, parsePayload } from './parse.ts';
import { contactFor, idsFrom } from './parties.ts';

const personFields = [
  ['from', 'from_'],
  ['to', 'to_'],
  ['recipient_id', 'recipient_'],
  ['wa_id', ''],
] as const;

/** Only the contact that the item is about: a batch of n messages must not be stored n times n. */
function contactsOf(change: Change, item: unknown): readonly unknown[] {
  const fragment = asObject(item);
  for (const [field, prefix] of personFields) {
    const ids = idsFrom(fragment, field, prefix);
    if (ids.phoneId === undefined && ids.userId === undefined) continue;
    const contact = contactFor(change.value.contacts, ids);
    if (Object.keys(contact).length > 0) return [contact];
  }
  const all = asList(change.value.contacts);
  return all.length === 1 ? all : [];
}

/** The change cut so that each piece holds one item; account changes stay whole. */
function piecesOf(change: Change): Change[] {
  const { messaging_product, metadata, errors } = change.value;
  const frame = { messaging_product, metadata };
  const pieces: Change[] = [];
  for (const list of itemLists) {
    for (const item of asList(change.value[list])) {
      const contacts = contactsOf(change, item);
      const value: Record<string, unknown> = { ...frame, [list]: [item] };
      if (contacts.length > 0) value.contacts = contacts;
      if (list === 'messages' && errors !== undefined) value.errors = errors;
      pieces.push({ ...change, value });
    }
  }
  for (const item of asList(change.value.history)) {
    const chunk = asObject(item);
    for (const thread of asList(chunk.threads)) {
      pieces.push({ ...change, value: { ...frame, history: [{ metadata: chunk.metadata, threads: [thread] }] } });
    }
    if (asList(chunk.errors).length > 0) {
      pieces.push({ ...change, value: { ...frame, history: [{ metadata: chunk.metadata, errors: chunk.errors }] } });
    }
  }
  return pieces.length > 0 ? pieces : [change];
}

function partOf(payload: unknown, events: readonly InboundEvent[], fallback: Change | null): WebhookPart {
  const [first] = events;
  const account = first?.account ?? (fallback === null ? null : accountOf(fallback));
  const single = events.length === 1 ? first : undefined;
  return {
    account,
    dedupeKey: single?.dedupeKey ?? keyWithin(account, 'part', contentKey(payload)),
    orderingKey: first?.orderingKey ?? keyWithin(account, 'part'),
    payload,
  };
}

/**
 * Cuts a webhook body into parts to store, see `ChannelAdapter.splitWebhook`.
 * @throws ChannelError `malformed_payload` when the body is not JSON in UTF-8
 */
export function splitBody(rawBody: Uint8Array): WebhookPart[] {
  const payload = readWebhookBody(rawBody);
  const changes = changesOf(payload);
  if (changes === null || changes.length === 0) return [partOf(payload, parsePayload(payload), null)];
  return changes.flatMap((change) =>
    piecesOf(change).map((piece) => {
      const part = toPayload(piece);
      return partOf(part, parsePayload(part), piece);
    }),
  );
}
