import type { QueryClient } from '@tanstack/react-query';
import type { Api } from '#api/client.ts';
import type { Row } from '#api/database.ts';
import { keys } from '#api/queryKeys.ts';
import { isInboxFilter } from '../filter/inboxFilter.ts';
import { fetchConversation } from '../list/listConversations.ts';
import { applyConversation, type ConversationPages, removeConversation } from '../list/pages.ts';
import { type ConversationItem, lacksEmbeds, mergeConversation } from '../model/conversation.ts';
import type { Attachment, MessageRow, Note, Reaction, ThreadMessage } from '../model/message.ts';
import { changeMessage, type MessagePages, removeMessage, upsertMessage } from '../thread/messagePages.ts';
import { fetchMessage } from '../thread/threadQueries.ts';

/** What the handlers below need; made once per signed-in person. */
export interface LiveContext {
  api: Api;
  queryClient: QueryClient;
  me: string;
}

/** Puts a whole conversation into every list it belongs to, out of every other, and into its own entry. */
export function putConversation({ queryClient, me }: LiveContext, item: ConversationItem): void {
  const now = new Date();
  queryClient.setQueryData(keys.conversation(item.id), item);
  for (const query of queryClient.getQueryCache().findAll({ queryKey: keys.conversationLists })) {
    const filter = query.queryKey[2];
    if (!isInboxFilter(filter)) continue;
    queryClient.setQueryData<ConversationPages>(query.queryKey, (pages) =>
      pages === undefined ? pages : applyConversation(pages, item, filter, me, now),
    );
  }
}

/** What is known of a conversation, from wherever it has been loaded. */
export function knownConversation({ queryClient }: LiveContext, id: string): ConversationItem | undefined {
  const own = queryClient.getQueryData<ConversationItem>(keys.conversation(id));
  if (own !== undefined) return own;
  for (const [, pages] of queryClient.getQueriesData<ConversationPages>({ queryKey: keys.conversationLists })) {
    const row = pages?.pages.flat().find((item) => item.id === id);
    if (row !== undefined) return row;
  }
  return undefined;
}

/** A row of `conversations` was added or changed. */
export async function conversationChanged(context: LiveContext, row: Row<'conversations'>): Promise<void> {
  const known = knownConversation(context, row.id);
  if (known !== undefined) {
    if (isStale(known, row)) return;
    const merged = mergeConversation(known, row);
    if (!lacksEmbeds(merged)) {
      putConversation(context, merged);
      void refreshCounts(context);
      return;
    }
  }
  try {
    putConversation(context, await fetchConversation(context.api, row.id));
  } catch {
    // Gone or out of sight by now: it leaves the lists.
    conversationRemoved(context, row.id);
  }
  void refreshCounts(context);
}

/** Rows may arrive in another order than they were written. */
const isStale = (known: ConversationItem, row: Row<'conversations'>): boolean =>
  Date.parse(row.updated_at) < Date.parse(known.updated_at);

export function conversationRemoved({ queryClient }: LiveContext, id: string): void {
  queryClient.removeQueries({ queryKey: keys.conversation(id) });
  queryClient.setQueriesData<ConversationPages>({ queryKey: keys.conversationLists }, (pages) =>
    pages === undefined ? pages : removeConversation(pages, id),
  );
}

export async function refreshCounts({ queryClient }: LiveContext): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: keys.inboxCounts });
}

/** A row of `messages` was added or changed. */
export async function messageChanged(context: LiveContext, row: MessageRow): Promise<void> {
  const { queryClient, api } = context;
  const key = keys.messages(row.conversation_id);
  if (queryClient.getQueryData(key) === undefined) return;
  // Files are rows of their own; those that are not in yet follow through attachmentChanged.
  const known = findMessage(queryClient.getQueryData<MessagePages>(key), row.id);
  const bringsFiles = row.message_type !== 'text' && (known === undefined || known.attachments.length === 0);
  queryClient.setQueryData<MessagePages>(key, (pages) => (pages === undefined ? pages : upsertMessage(pages, row)));
  if (!bringsFiles) return;
  try {
    const whole = await fetchMessage(api, row.id);
    queryClient.setQueryData<MessagePages>(key, (pages) => (pages === undefined ? pages : upsertMessage(pages, whole)));
  } catch {
    // The message itself is shown; its files come with the next reading of the thread.
  }
}

export function messageRemoved({ queryClient }: LiveContext, id: string): void {
  queryClient.setQueriesData<MessagePages>({ queryKey: ['messages'] }, (pages) =>
    pages === undefined ? pages : removeMessage(pages, id),
  );
}

export function attachmentChanged({ queryClient }: LiveContext, row: Attachment): void {
  changeAnywhere(queryClient, row.message_id, (message) => ({
    ...message,
    attachments: mergeAttachment(message.attachments, row),
  }));
}

/** A file this browser has just uploaded keeps its own picture, so that nothing flickers. */
function mergeAttachment(known: readonly Attachment[], row: Attachment): Attachment[] {
  const isSame = (one: Attachment) =>
    one.id === row.id || (one.localUrl !== undefined && one.storage_path === row.storage_path);
  const localUrl = known.find(isSame)?.localUrl;
  return [...known.filter((one) => !isSame(one)), localUrl === undefined ? row : { ...row, localUrl }].sort(
    (a, b) => a.position - b.position,
  );
}

export function reactionChanged({ queryClient }: LiveContext, row: Reaction): void {
  changeAnywhere(queryClient, row.message_id, (message) => ({
    ...message,
    message_reactions: [...message.message_reactions.filter((one) => one.id !== row.id), row],
  }));
}

export function reactionRemoved({ queryClient }: LiveContext, id: string): void {
  queryClient.setQueriesData<MessagePages>({ queryKey: ['messages'] }, (pages) =>
    pages === undefined
      ? pages
      : {
          ...pages,
          pages: pages.pages.map((page) =>
            page.map((message) =>
              message.message_reactions.some((one) => one.id === id)
                ? { ...message, message_reactions: message.message_reactions.filter((one) => one.id !== id) }
                : message,
            ),
          ),
        },
  );
}

export async function noteChanged({ queryClient }: LiveContext, row: Row<'notes'>): Promise<void> {
  if (row.conversation_id !== null) await queryClient.invalidateQueries({ queryKey: keys.notes(row.conversation_id) });
  if (row.contact_id !== null) await queryClient.invalidateQueries({ queryKey: keys.contactNotes(row.contact_id) });
}

export function noteRemoved({ queryClient }: LiveContext, id: string): void {
  queryClient.setQueriesData<Note[]>({ queryKey: ['notes'] }, (notes) => notes?.filter((note) => note.id !== id));
  queryClient.setQueriesData<Note[]>({ queryKey: ['contact-notes'] }, (notes) =>
    notes?.filter((note) => note.id !== id),
  );
}

/** A contact changed: their name and face in every row that shows them. */
export function contactChanged(context: LiveContext, row: Row<'contacts'>): void {
  const { queryClient } = context;
  const contact = {
    id: row.id,
    first_name: row.first_name,
    last_name: row.last_name,
    full_name: row.full_name,
    phones: row.phones,
    emails: row.emails,
    avatar_url: row.avatar_url,
  };
  const retouch = (item: ConversationItem): ConversationItem =>
    item.contact_id === row.id ? { ...item, contact } : item;
  queryClient.setQueriesData<ConversationPages>({ queryKey: keys.conversationLists }, (pages) =>
    pages === undefined ? pages : { ...pages, pages: pages.pages.map((page) => page.map(retouch)) },
  );
  queryClient.setQueriesData<ConversationItem>({ queryKey: ['conversations', 'one'] }, (item) =>
    item === undefined ? item : retouch(item),
  );
  void queryClient.invalidateQueries({ queryKey: keys.contact(row.id) });
  void queryClient.invalidateQueries({ queryKey: ['contacts', 'page'], refetchType: 'active' });
}

function changeAnywhere(
  queryClient: QueryClient,
  messageId: string,
  change: (message: ThreadMessage) => ThreadMessage,
): void {
  queryClient.setQueriesData<MessagePages>({ queryKey: ['messages'] }, (pages) =>
    findMessage(pages, messageId) === undefined || pages === undefined
      ? pages
      : changeMessage(pages, messageId, change),
  );
}

const findMessage = (pages: MessagePages | undefined, id: string): ThreadMessage | undefined =>
  pages?.pages.flat().find((message) => message.id === id);
