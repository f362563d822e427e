import { useQuery } from '@tanstack/react-query';
import type { Api } from '#api/client.ts';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import type { Person } from '../people/person.ts';
import { sandboxKeys } from '../sandboxKeys.ts';
import type { PhoneChannel } from '../useSandboxChannels.ts';
import { type Life, type LifeMessage, livesOf } from './lives.ts';

const MESSAGES = 8;
const EVENTS = 24;
const messageSelect =
  'id,direction,content,message_type,status,external_id,sender_type,created_at,sent_at,delivered_at,read_at,error_message,send_attempts,message_status_events(status,created_at),attachments(status)' as const;

/** What happened to the last messages of one customer. Kept live by `useSandboxLive`. */
export function useLives(channel: PhoneChannel, person: Person | undefined) {
  const api = useApi();
  const conversationId = person?.conversationId ?? null;
  const phone = person?.phone ?? '';
  return useQuery({
    queryKey: sandboxKeys.livesOf(channel.id, conversationId, phone),
    enabled: conversationId !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<Life[]> => {
      const [messages, events, [conversation]] = await Promise.all([
        readMessages(api, conversationId ?? '', signal),
        readEvents(api, channel, phone, signal),
        api
          .from('conversations')
          .select('last_read_at')
          .eq('id', conversationId ?? '')
          .abortSignal(signal)
          .then(unwrap),
      ]);
      return livesOf({ messages, events, lastReadAt: conversation?.last_read_at ?? null });
    },
  });
}

async function readMessages(api: Api, conversationId: string, signal: AbortSignal): Promise<LifeMessage[]> {
  const rows = unwrap(
    await api
      .from('messages')
      .select(messageSelect)
      .eq('conversation_id', conversationId)
      .order('created_at', { ascending: false })
      .order('id', { ascending: false })
      .order('created_at', { referencedTable: 'message_status_events' })
      .limit(MESSAGES)
      .abortSignal(signal),
  );
  return rows;
}

/** Without the right to read them there are none, and lives begin with the message. */
async function readEvents(api: Api, channel: PhoneChannel, phone: string, signal: AbortSignal) {
  if (channel.numberId === null) return [];
  return unwrap(
    await api
      .from('inbound_events')
      .select('id,provider_event_id,status,error_message,received_at,processed_at')
      .eq('channel_account_id', channel.id)
      .eq('sender_key', `${channel.numberId}:${phone}`)
      .order('received_at', { ascending: false })
      .limit(EVENTS)
      .abortSignal(signal),
  );
}
