import { dayKey } from '#i18n/time.ts';
import { isInbound, type Note, type ThreadMessage } from '../model/message.ts';

/** What the thread shows, line by line. */
export type TimelineItem =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'new'; key: string; count: number }
  | { kind: 'message'; key: string; message: ThreadMessage; position: GroupPosition }
  | { kind: 'note'; key: string; note: Note };

/** Where a message stands in a run of one sender: the first one carries the name, the last one the time. */
export type GroupPosition = 'only' | 'first' | 'middle' | 'last';

/** Messages of one sender within this time are one group. */
const GROUP_MS = 60_000;

export interface TimelineOptions {
  timeZone: string;
  /** Moment up to which everything had been read when the thread was opened; null shows no line. */
  readUpTo: string | null;
  /** Older messages exist that are not loaded: notes from before the oldest loaded message wait for them. */
  hasOlder: boolean;
}

/** Messages and notes in one order, with days between them, the line of what is new, and groups by sender and minute. */
export function buildTimeline(
  messages: readonly ThreadMessage[],
  notes: readonly Note[],
  options: TimelineOptions,
): TimelineItem[] {
  const oldest = messages[0]?.created_at;
  const entries = [
    ...messages.filter(isShown).map((message) => ({ at: message.created_at, message, note: null })),
    ...notes
      .filter((note) => !options.hasOlder || oldest === undefined || note.created_at >= oldest)
      .map((note) => ({ at: note.created_at, message: null, note })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));

  const readUpTo = options.readUpTo === null ? null : Date.parse(options.readUpTo);
  const isNew = (message: ThreadMessage) =>
    readUpTo !== null && isInbound(message) && Date.parse(message.created_at) > readUpTo;
  const newCount = messages.filter((message) => isShown(message) && isNew(message)).length;

  const items: TimelineItem[] = [];
  let day = '';
  let lineDrawn = false;
  entries.forEach((entry, index) => {
    const thisDay = dayKey(new Date(entry.at), options.timeZone);
    if (thisDay !== day) {
      items.push({ kind: 'day', key: `day:${thisDay}`, at: entry.at });
      day = thisDay;
    }
    if (entry.note !== null) {
      items.push({ kind: 'note', key: `note:${entry.note.id}`, note: entry.note });
      return;
    }
    const { message } = entry;
    const startsNew = !lineDrawn && isNew(message);
    if (startsNew) {
      items.push({ kind: 'new', key: 'new', count: newCount });
      lineDrawn = true;
    }
    const previous = startsNew ? undefined : entries[index - 1]?.message;
    const next = entries[index + 1]?.message;
    const nextStartsNew = next !== undefined && next !== null && !lineDrawn && isNew(next);
    const joinsPrevious = joins(previous, message, options.timeZone);
    const joinsNext = !nextStartsNew && joins(message, next, options.timeZone);
    const position = joinsPrevious ? (joinsNext ? 'middle' : 'last') : joinsNext ? 'first' : 'only';
    items.push({ kind: 'message', key: `message:${message.client_id ?? message.id}`, message, position });
  });
  return items;
}

/** A reaction is shown on the message it belongs to. */
const isShown = (message: ThreadMessage): boolean => message.message_type !== 'reaction';

function joins(
  earlier: ThreadMessage | null | undefined,
  later: ThreadMessage | null | undefined,
  timeZone: string,
): boolean {
  if (earlier === null || earlier === undefined || later === null || later === undefined) return false;
  if (earlier.message_type === 'system' || later.message_type === 'system') return false;
  return (
    earlier.direction === later.direction &&
    earlier.sender_id === later.sender_id &&
    earlier.sender_type === later.sender_type &&
    Date.parse(later.created_at) - Date.parse(earlier.created_at) < GROUP_MS &&
    dayKey(new Date(earlier.created_at), timeZone) === dayKey(new Date(later.created_at), timeZone)
  );
}
