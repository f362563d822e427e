import type { Queryable } from '../queryable.ts';

export interface ConversationKey {
  organizationId: string;
  contactId: string;
  channelAccountId: string;
  /** Distinguishes threads of one contact on one account (comments, e-mail); empty for the direct chat. */
  threadKey: string;
  metadata: Record<string, unknown>;
}

/**
 * The conversation a message belongs to: the live one of this contact on this account, else the latest closed one (the
 * message itself reopens it), else a new one. Must run inside a transaction; two first messages at once open one.
 */
export async function openConversation(tx: Queryable, key: ConversationKey): Promise<{ id: string; isNew: boolean }> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [key.contactId + key.channelAccountId]);
  const found = await tx.query<{ id: string }>(
    `select id from public.conversations
     where contact_id = $1 and channel_account_id = $2 and thread_key = $3 and organization_id = $4
     order by status in ('OPEN', 'PENDING') desc, last_message_at desc nulls last limit 1`,
    [key.contactId, key.channelAccountId, key.threadKey, key.organizationId],
  );
  const existing = found.rows[0]?.id;
  if (existing !== undefined) return { id: existing, isNew: false };
  const created = await tx.query<{ id: string }>(
    `insert into public.conversations (organization_id, contact_id, channel_account_id, thread_key, metadata)
     values ($1, $2, $3, $4, $5) returning id`,
    [key.organizationId, key.contactId, key.channelAccountId, key.threadKey, key.metadata],
  );
  const id = created.rows[0]?.id;
  if (id === undefined) throw new Error('The conversation was not created.');
  return { id, isNew: true };
}
