import { useQuery } from '@tanstack/react-query';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import { sandboxKeys } from '../sandboxKeys.ts';
import { type Person, peopleOf, personSelect, strangerOf } from './person.ts';

const MOST_RECENT = 60;

/** Who has spoken on a channel lately, newest first. Kept live by `useSandboxLive`. */
export function usePeople(channelId: string) {
  const api = useApi();
  return useQuery({
    queryKey: sandboxKeys.people(channelId),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      peopleOf(
        unwrap(
          await api
            .from('conversations')
            .select(personSelect)
            .eq('channel_account_id', channelId)
            .order('last_message_at', { ascending: false, nullsFirst: false })
            .limit(MOST_RECENT)
            .abortSignal(signal),
        ),
      ),
  });
}

/**
 * Whose phone has these digits: one of the recent people, an older customer, or somebody who has not written yet.
 * Undefined while that is not known.
 */
export function usePerson(channelId: string, phone: string | null, name: string | undefined): Person | undefined {
  const api = useApi();
  const people = usePeople(channelId);
  const recent = people.data?.find((person) => person.phone === phone);
  const older = useQuery({
    queryKey: sandboxKeys.person(channelId, phone ?? ''),
    enabled: phone !== null && people.data !== undefined && recent === undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const [identity] = unwrap(
        await api
          .from('contact_identities')
          .select('contact_id')
          .eq('channel_type', 'WHATSAPP_CLOUD')
          .eq('external_id', phone ?? '')
          .limit(1)
          .abortSignal(signal),
      );
      if (identity === undefined) return null;
      const rows = unwrap(
        await api
          .from('conversations')
          .select(personSelect)
          .eq('channel_account_id', channelId)
          .eq('contact_id', identity.contact_id)
          .order('last_message_at', { ascending: false, nullsFirst: false })
          .limit(1)
          .abortSignal(signal),
      );
      return peopleOf(rows)[0] ?? null;
    },
  });
  if (phone === null) return undefined;
  if (recent !== undefined) return recent;
  return older.data === null || older.isError ? strangerOf(phone, name) : older.data;
}
