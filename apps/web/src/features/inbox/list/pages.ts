import type { InfiniteData } from '@tanstack/react-query';
import { type InboxFilter, matchesFilter } from '../filter/inboxFilter.ts';
import type { ConversationItem } from '../model/conversation.ts';

/** Where the next page starts: the sort value and id of the last row seen. */
export interface Cursor {
  value: string | null;
  id: string;
}

export type ConversationPage = readonly ConversationItem[];
export type ConversationPages = InfiniteData<ConversationPage, Cursor | null>;

export const PAGE_SIZE = 40;

/** The column each order goes by. Rows without a value come last when newest or oldest is first. */
export const sortColumn = { newest: 'last_message_at', oldest: 'last_message_at', waiting: 'waiting_since' } as const;

export const cursorAfter = (page: ConversationPage, filter: InboxFilter): Cursor | null => {
  const last = page.at(-1);
  return last === undefined || page.length < PAGE_SIZE ? null : { value: last[sortColumn[filter.sort]], id: last.id };
};

/** Order of two rows as the server would give them. */
export function compareRows(a: ConversationItem, b: ConversationItem, sort: InboxFilter['sort']): number {
  const column = sortColumn[sort];
  const left = a[column];
  const right = b[column];
  if (left === null || right === null) {
    if (left !== right) return left === null ? 1 : -1;
  } else {
    const byTime = Date.parse(left) - Date.parse(right);
    if (byTime !== 0) return sort === 'newest' ? -byTime : byTime;
  }
  const byId = a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  return sort === 'newest' ? -byId : byId;
}

/**
 * A list after one conversation changed: updated in place, moved, added or taken out, so that it equals what the
 * server would answer now, as far as it has been loaded. Rows beyond the last loaded page are left to that page.
 */
export function applyConversation(
  pages: ConversationPages,
  item: ConversationItem,
  filter: InboxFilter,
  me: string,
  now: Date,
): ConversationPages {
  const rows = pages.pages.flat();
  const before = rows.find((row) => row.id === item.id);
  const others = before === undefined ? rows : rows.filter((row) => row.id !== item.id);
  const belongs = matchesFilter(item, filter, me, now);
  if (!belongs) return before === undefined ? pages : repage(pages, others);
  const position = others.findIndex((row) => compareRows(item, row, filter.sort) < 0);
  const complete = (pages.pages.at(-1)?.length ?? 0) < PAGE_SIZE;
  if (position === -1 && !complete && before === undefined) return pages;
  const at = position === -1 ? others.length : position;
  return repage(pages, [...others.slice(0, at), item, ...others.slice(at)]);
}

export function removeConversation(pages: ConversationPages, id: string): ConversationPages {
  const rows = pages.pages.flat();
  const rest = rows.filter((row) => row.id !== id);
  return rest.length === rows.length ? pages : repage(pages, rest);
}

/** Keeps the page boundaries where they were: the first pages keep their length and the last takes the difference. */
function repage(pages: ConversationPages, rows: readonly ConversationItem[]): ConversationPages {
  let from = 0;
  const last = pages.pages.length - 1;
  return {
    ...pages,
    pages: pages.pages.map((page, index) => {
      const to = index === last ? rows.length : from + page.length;
      const slice = rows.slice(from, to);
      from = to;
      return slice;
    }),
  };
}
