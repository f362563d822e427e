import { queryOptions } from '@tanstack/react-query';
import type { Api } from '#api/client.ts';
import { failureFrom } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import type { ContactsSearch } from './contactsSearch.ts';

export const CONTACT_PAGE = 50;

export const contactRowSelect =
  'id,first_name,last_name,full_name,phones,emails,tags,company_id,assignee_id,opt_in_status,avatar_url,last_contacted_at,created_at,company:companies!contacts_company_id_fkey(id,name),assignee:profiles!contacts_assignee_id_fkey(id,first_name,last_name,email,avatar_url)' as const;

export interface ContactRow {
  id: string;
  first_name: string | null;
  last_name: string | null;
  full_name: string | null;
  phones: string[];
  emails: string[];
  tags: string[];
  company_id: string | null;
  assignee_id: string | null;
  opt_in_status: boolean;
  avatar_url: string | null;
  last_contacted_at: string | null;
  created_at: string;
  company: { id: string; name: string } | null;
  assignee: {
    id: string;
    first_name: string | null;
    last_name: string | null;
    email: string | null;
    avatar_url: string | null;
  } | null;
}

export interface ContactPage {
  rows: ContactRow[];
  /** All contacts that match, of which this page shows a part. */
  total: number;
}

/** One page of the list. The search is the database's: names in any order, parts of phones, e-mails, Arabic folded. */
export async function fetchContactPage(
  api: Api,
  search: ContactsSearch,
  page: number,
  signal: AbortSignal,
): Promise<ContactPage> {
  const wanted = search.q?.trim() ?? '';
  const from = page * CONTACT_PAGE;
  const sorted = search.sort ?? 'newest';
  const base =
    wanted === ''
      ? api.from('contacts').select(contactRowSelect, { count: 'exact' })
      : api.rpc('search_contacts', { p_query: wanted }, { count: 'exact' }).select(contactRowSelect);
  const filtered = search.tag === undefined ? base : base.contains('tags', [search.tag]);
  const byName = sorted === 'name' || sorted === 'name-desc';
  const ascending = sorted === 'name' || sorted === 'oldest';
  const answer = await filtered
    .order(byName ? 'full_name' : 'created_at', { ascending })
    .order('id', { ascending })
    .range(from, from + CONTACT_PAGE - 1)
    .abortSignal(signal);
  if (answer.error !== null) throw failureFrom(answer.error, answer.status);
  return { rows: answer.data, total: answer.count ?? answer.data.length };
}

export const contactPageQuery = (api: Api, search: ContactsSearch, page: number) =>
  queryOptions({
    queryKey: [...keys.contacts, 'page', search.q ?? '', search.tag ?? '', search.sort ?? 'newest', page] as const,
    queryFn: ({ signal }) => fetchContactPage(api, search, page, signal),
    staleTime: 60_000,
  });

const IDS_AT_ONCE = 1_000;

/** The ids of everything that matches, for what is done to all of them. */
export async function fetchAllContactIds(api: Api, search: ContactsSearch): Promise<string[]> {
  const wanted = search.q?.trim() ?? '';
  const ids: string[] = [];
  for (;;) {
    const base =
      wanted === ''
        ? api.from('contacts').select('id,tags')
        : api.rpc('search_contacts', { p_query: wanted }).select('id,tags');
    const filtered = search.tag === undefined ? base : base.contains('tags', [search.tag]);
    const { data, error, status } = await filtered.order('id').range(ids.length, ids.length + IDS_AT_ONCE - 1);
    if (error !== null) throw failureFrom(error, status);
    ids.push(...data.map((row) => row.id));
    if (data.length < IDS_AT_ONCE) return ids;
  }
}
