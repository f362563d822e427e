import { type ConversationItem, isClosed, isSnoozed } from '../model/conversation.ts';

export const views = ['all', 'mine', 'unassigned'] as const;
export const statuses = ['active', 'pending', 'snoozed', 'resolved', 'closed', 'any'] as const;
export const sorts = ['newest', 'oldest', 'waiting'] as const;

/** What is looked at in the inbox. It lives in the address, so it can be shared, saved and gone back to. */
export interface InboxFilter {
  view: (typeof views)[number];
  status: (typeof statuses)[number];
  channels: readonly string[];
  unread: boolean;
  important: boolean;
  tag: string | null;
  /** A colleague's conversations; only with the view `all`. */
  assignee: string | null;
  sort: (typeof sorts)[number];
}

export const defaultFilter: InboxFilter = {
  view: 'all',
  status: 'active',
  channels: [],
  unread: false,
  important: false,
  tag: null,
  assignee: null,
  sort: 'newest',
};

/** The address carries only what differs from the default. */
export interface InboxSearch {
  view?: InboxFilter['view'] | undefined;
  status?: InboxFilter['status'] | undefined;
  channel?: string | undefined;
  unread?: true | undefined;
  important?: true | undefined;
  tag?: string | undefined;
  assignee?: string | undefined;
  sort?: InboxFilter['sort'] | undefined;
  q?: string | undefined;
}

/** Reads an address that anybody may have typed: unknown values are left out. */
export function readInboxSearch(raw: Record<string, unknown>): InboxSearch {
  const one = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined =>
    allowed.find((candidate) => candidate === value);
  const text = (value: unknown, longest: number): string | undefined => {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    const trimmed = String(value).slice(0, longest);
    return trimmed === '' ? undefined : trimmed;
  };
  const on = (value: unknown): true | undefined =>
    value === true || value === 'true' || value === 1 ? true : undefined;
  return {
    view: one(raw.view, views),
    status: one(raw.status, statuses),
    channel: text(raw.channel, 300),
    unread: on(raw.unread),
    important: on(raw.important),
    tag: text(raw.tag, 50),
    assignee: text(raw.assignee, 36),
    sort: one(raw.sort, sorts),
    q: text(raw.q, 200),
  };
}

export function filterOf(search: InboxSearch): InboxFilter {
  return {
    view: search.view ?? defaultFilter.view,
    status: search.status ?? defaultFilter.status,
    channels: search.channel?.split(',').filter((type) => /^[A-Z_]{2,40}$/.test(type)) ?? [],
    unread: search.unread ?? false,
    important: search.important ?? false,
    tag: search.tag ?? null,
    assignee: search.assignee ?? null,
    sort: search.sort ?? defaultFilter.sort,
  };
}

export function searchOf(filter: InboxFilter, q?: string): InboxSearch {
  return {
    view: filter.view === defaultFilter.view ? undefined : filter.view,
    status: filter.status === defaultFilter.status ? undefined : filter.status,
    channel: filter.channels.length === 0 ? undefined : filter.channels.join(','),
    unread: filter.unread || undefined,
    important: filter.important || undefined,
    tag: filter.tag ?? undefined,
    assignee: filter.assignee ?? undefined,
    sort: filter.sort === defaultFilter.sort ? undefined : filter.sort,
    q,
  };
}

/** Filters beyond the tabs and the order: what the chips show and "Clear" takes away. */
export function narrowingCount(filter: InboxFilter): number {
  return (
    Number(filter.status !== defaultFilter.status) +
    filter.channels.length +
    Number(filter.unread) +
    Number(filter.important) +
    Number(filter.tag !== null) +
    Number(filter.assignee !== null)
  );
}

/** Whether a conversation belongs in a list: the same question the server answers in listConversations.ts. */
export function matchesFilter(item: ConversationItem, filter: InboxFilter, me: string, now: Date): boolean {
  if (filter.view === 'mine' && item.assignee_id !== me) return false;
  if (filter.view === 'unassigned' && item.assignee_id !== null) return false;
  if (filter.view === 'all' && filter.assignee !== null && item.assignee_id !== filter.assignee) return false;
  if (filter.channels.length > 0 && !filter.channels.includes(item.channel_type ?? '')) return false;
  if (filter.unread && item.unread_count === 0) return false;
  if (filter.important && !item.is_important) return false;
  if (filter.tag !== null && !item.tags.includes(filter.tag)) return false;
  if (filter.sort === 'waiting' && item.waiting_since === null) return false;
  switch (filter.status) {
    case 'active':
      return !isClosed(item) && !isSnoozed(item, now);
    case 'pending':
      return item.status === 'PENDING';
    case 'snoozed':
      return isSnoozed(item, now);
    case 'resolved':
      return item.status === 'RESOLVED';
    case 'closed':
      return isClosed(item);
    case 'any':
      return true;
  }
}

/** Recognises a filter that was used as a query key. */
export function isInboxFilter(value: unknown): value is InboxFilter {
  return typeof value === 'object' && value !== null && 'view' in value && 'status' in value && 'channels' in value;
}
