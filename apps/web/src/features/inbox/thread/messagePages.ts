import type { InfiniteData } from '@tanstack/react-query';
import { type Attachment, laterStatus, type MessageRow, type ThreadMessage } from '../model/message.ts';

/** Pages run from newest to oldest, and so do the messages in a page, as the server sends them. */
export type MessagePage = readonly ThreadMessage[];
export interface MessageCursor {
  createdAt: string;
  id: string;
}
export type MessagePages = InfiniteData<MessagePage, MessageCursor | null>;

export const MESSAGE_PAGE_SIZE = 50;

const sameMessage = (one: Pick<MessageRow, 'id' | 'client_id'>, other: Pick<MessageRow, 'id' | 'client_id'>): boolean =>
  one.id === other.id || (one.client_id !== null && one.client_id === other.client_id);

const newerFirst = (a: ThreadMessage, b: ThreadMessage): number => {
  const byTime = Date.parse(b.created_at) - Date.parse(a.created_at);
  return byTime !== 0 ? byTime : a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
};

function isOlder(one: Pick<MessageRow, 'updated_at'>, other: Pick<MessageRow, 'updated_at'>): boolean {
  return (
    one.updated_at !== undefined &&
    other.updated_at !== undefined &&
    Date.parse(one.updated_at) < Date.parse(other.updated_at)
  );
}

/** A file that has been seen as stored stays so, whatever an older answer says. */
function laterAttachments(
  known: readonly Attachment[],
  incoming: readonly Attachment[] | undefined,
): readonly Attachment[] {
  if (incoming === undefined) return known;
  const settled = new Map(known.filter((file) => file.status !== 'PENDING').map((file) => [file.id, file]));
  return incoming.map((file) => (file.status === 'PENDING' ? (settled.get(file.id) ?? file) : file));
}

/** Oldest first, each message once. */
export function threadMessages(pages: MessagePages | undefined): ThreadMessage[] {
  if (pages === undefined) return [];
  // Two ways of loading older messages may overlap by a page.
  const once = new Map(pages.pages.flat().map((message) => [message.id, message]));
  return [...once.values()].toReversed();
}

/**
 * Adds a message or brings it up to date. A message of ours is known by its client id until the server has named it;
 * its files and reactions stay when the incoming row does not carry any.
 */
export function upsertMessage(pages: MessagePages, incoming: MessageRow & Partial<ThreadMessage>): MessagePages {
  let found = false;
  const next = pages.pages.map((page) => {
    const index = page.findIndex((message) => sameMessage(message, incoming));
    const known = page[index];
    if (known === undefined) return page;
    found = true;
    const { local: _, ...rest } = known;
    const attachments = laterAttachments(known.attachments, incoming.attachments);
    // An answer that was overtaken by a live change must not bring the old state back.
    if (known.local === undefined && isOlder(incoming, known)) return page.with(index, { ...known, attachments });
    const merged: ThreadMessage = {
      ...rest,
      ...incoming,
      status: known.local === undefined ? laterStatus(known.status, incoming.status) : incoming.status,
      attachments,
      message_reactions: incoming.message_reactions ?? known.message_reactions,
    };
    return page.with(index, merged);
  });
  if (found) return { ...pages, pages: next };

  const message: ThreadMessage = {
    ...incoming,
    attachments: incoming.attachments ?? [],
    message_reactions: incoming.message_reactions ?? [],
  };
  const oldest = pages.pages.at(-1)?.at(-1);
  const complete = (pages.pages.at(-1)?.length ?? 0) < MESSAGE_PAGE_SIZE;
  // Older than everything that is loaded: the page it belongs to will bring it.
  if (oldest !== undefined && !complete && newerFirst(oldest, message) < 0) return pages;
  const [first = [], ...others] = pages.pages;
  const home = [message, ...first].sort(newerFirst);
  return { ...pages, pages: [home, ...others] };
}

export function changeMessage(
  pages: MessagePages,
  id: string,
  change: (message: ThreadMessage) => ThreadMessage,
): MessagePages {
  return {
    ...pages,
    pages: pages.pages.map((page) => {
      const index = page.findIndex((message) => message.id === id);
      const known = page[index];
      return known === undefined ? page : page.with(index, change(known));
    }),
  };
}

export function removeMessage(pages: MessagePages, id: string): MessagePages {
  return {
    ...pages,
    pages: pages.pages.map((page) =>
      page.some((message) => message.id === id) ? page.filter((message) => message.id !== id) : page,
    ),
  };
}
