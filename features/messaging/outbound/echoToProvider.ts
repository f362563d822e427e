import type { ChannelAdapter } from '@connectgain/channels/contract.ts';
import { ChannelError } from '@connectgain/channels/failure.ts';
import { type LoadedAccount, loadAccount } from '../accounts/loadAccount.ts';
import { identityScope, identityType } from '../inbound/contactMatch.ts';
import type { SendMessageOptions } from './sendMessage.ts';

type EchoOptions = Pick<SendMessageOptions, 'db' | 'adapters' | 'sources' | 'transport'>;

interface Target {
  external_id: string;
  channel_account_id: string;
  party: string | null;
}

/**
 * Job `messages.react`: an agent's reaction, or its end (`emoji` null), on the customer's screen. Channels without reactions
 * keep it inside the team.
 */
export async function sendReaction(o: EchoOptions, messageId: string, emoji: string | null): Promise<void> {
  const target = await targetOf(o, `m.id = $1`, messageId);
  await toProvider(o, target, async (adapter, account, to) => {
    if (!adapter.capabilities.reactions.send) return;
    await adapter.send(
      account,
      {
        to: { externalId: to.party },
        content: { type: 'reaction', targetExternalId: to.external_id, emoji },
        clientReference: `reaction:${messageId}`,
      },
      o.transport(account),
    );
  });
}

/** Job `conversations.acknowledge`: tells the customer that what they wrote last was read. */
export async function acknowledge(o: EchoOptions, conversationId: string): Promise<void> {
  const target = await targetOf(o, `m.conversation_id = $1 and m.direction = 'INBOUND'`, conversationId);
  await toProvider(o, target, async (adapter, account, to) => {
    await adapter.markRead?.(
      account,
      { externalId: to.external_id, party: { externalId: to.party } },
      o.transport(account),
    );
  });
}

/** The newest message that fits, by the provider's id, and the customer's address there. */
async function targetOf(o: EchoOptions, condition: string, id: string): Promise<Target | undefined> {
  const { rows } = await o.db.query<Target & { contact_id: string; channel: string; routing_key: string | null }>(
    `select m.external_id, m.channel_account_id, m.contact_id, m.channel, a.routing_key, null as party
     from public.messages m join public.channel_accounts a on a.id = m.channel_account_id and a.is_active
     where ${condition} and m.external_id is not null order by m.created_at desc, m.id desc limit 1`,
    [id],
  );
  const found = rows[0];
  if (!found) return undefined;
  const identity = await o.db.query<{ external_id: string }>(
    `select external_id from public.contact_identities
     where contact_id = $1 and channel_type = $2 and scope = $3 order by created_at limit 1`,
    [found.contact_id, identityType(found.channel), identityScope(found.channel, found.routing_key)],
  );
  return { ...found, party: identity.rows[0]?.external_id ?? null };
}

/** A courtesy: what cannot be delivered for good is let go, what may pass is tried again. */
async function toProvider(
  o: EchoOptions,
  target: Target | undefined,
  call: (adapter: ChannelAdapter, account: LoadedAccount, to: Target & { party: string }) => Promise<void>,
): Promise<void> {
  const account = target && (await loadAccount(o.db, target.channel_account_id, o.sources));
  const adapter = account && o.adapters(account.type);
  if (!target || !account || !adapter || target.party === null) return;
  try {
    await call(adapter, account, { ...target, party: target.party });
  } catch (error) {
    const mayPass =
      error instanceof ChannelError && (error.failure.kind === 'transient' || error.failure.kind === 'rate_limited');
    if (mayPass || !(error instanceof ChannelError)) throw error;
  }
}
