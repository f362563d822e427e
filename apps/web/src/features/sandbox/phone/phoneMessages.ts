import type { Json } from '#api/database.ts';
import type { ThreadMessage } from '#features/inbox/model/message.ts';
import { fieldsAt, listAt, textAt } from '#features/inbox/model/metadata.ts';

/** What the provider has taken reaches the phone; what waits or failed was never there. */
const TAKEN = ['SENT', 'DELIVERED', 'READ'];

export const isCustomers = (message: Pick<ThreadMessage, 'direction'>): boolean => message.direction === 'INBOUND';

/** When the phone got the message, or sent it. */
export const momentOf = (message: Pick<ThreadMessage, 'direction' | 'created_at' | 'sent_at'>): string =>
  isCustomers(message) ? message.created_at : (message.sent_at ?? message.created_at);

/** The messages that this customer's phone shows, oldest first. */
export function phoneMessages(messages: readonly ThreadMessage[]): ThreadMessage[] {
  return messages
    .filter(
      (message) => message.message_type !== 'reaction' && (isCustomers(message) || TAKEN.includes(message.status)),
    )
    .toSorted((a, b) => Date.parse(momentOf(a)) - Date.parse(momentOf(b)));
}

/** What has arrived and was not looked at: the ids, for as long as the business waits for its second pair of ticks. */
export const unreadIds = (messages: readonly ThreadMessage[]): string[] =>
  messages
    .filter((message) => !isCustomers(message) && message.status === 'DELIVERED' && message.external_id !== null)
    .map((message) => message.id);

export interface Choice {
  id: string;
  title: string;
  description: string | null;
}

export interface Choices {
  buttons: Choice[];
  list: { button: string | null; rows: Choice[] } | null;
  link: { title: string; url: string } | null;
  footer: string | null;
}

/** What can be pressed below a message of the business; null where there is nothing. */
export function choicesOf(metadata: Json): Choices | null {
  const interactive = fieldsAt(metadata, 'interactive');
  if (interactive === null) return null;
  const choices = (value: Json, key: string): Choice[] =>
    listAt(value, key).flatMap((one) => {
      const id = textAt(one, 'id');
      const title = textAt(one, 'title');
      return id === null || title === null ? [] : [{ id, title, description: textAt(one, 'description') }];
    });
  const rows = listAt(interactive, 'sections').flatMap((section) => choices(section, 'rows'));
  const url = textAt(interactive, 'url');
  return {
    buttons: choices(interactive, 'buttons'),
    list: rows.length === 0 ? null : { button: textAt(interactive, 'button'), rows },
    link: url === null ? null : { title: textAt(interactive, 'title') ?? url, url },
    footer: textAt(interactive, 'footer'),
  };
}

/** The id of what the customer chose below a message, once they have. */
export function chosenBelow(message: Pick<ThreadMessage, 'id'>, messages: readonly ThreadMessage[]): string | null {
  const answer = messages.find(
    (one) => isCustomers(one) && one.reply_to_id === message.id && fieldsAt(one.metadata, 'reply') !== null,
  );
  const reply = answer === undefined ? null : fieldsAt(answer.metadata, 'reply');
  return reply === null ? null : textAt(reply, 'id');
}
