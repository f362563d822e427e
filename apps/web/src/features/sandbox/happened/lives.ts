/**
 * The life of the last messages, step by step, from what the database keeps: the stored webhook, the message, every change of its
 * status. Pure; all moments are the server's.
 */

export interface LifeMessage {
  id: string;
  direction: string;
  content: string | null;
  message_type: string;
  status: string;
  external_id: string | null;
  sender_type: string;
  created_at: string;
  sent_at: string | null;
  delivered_at: string | null;
  read_at: string | null;
  error_message: string | null;
  send_attempts?: number | undefined;
  message_status_events: readonly { status: string; created_at: string }[];
  attachments: readonly { status: string }[];
}

/** A webhook as it was stored before it was answered. Only those who manage settings may read them. */
export interface LifeEvent {
  id: string;
  provider_event_id: string;
  status: string;
  error_message: string | null;
  received_at: string;
  processed_at: string | null;
}

export type StepName =
  | 'received'
  | 'placed'
  | 'files'
  | 'opened'
  | 'answered'
  | 'written'
  | 'sent'
  | 'delivered'
  | 'read';

export interface Step {
  name: StepName;
  /** `retrying`: the provider refused for now and is asked again. */
  state: 'done' | 'running' | 'retrying' | 'failed' | 'waiting';
  at: string | null;
  /** Milliseconds since the step before; null for the first, for steps to come, and where nothing exact is known. */
  took: number | null;
  /** The reason of a failure, in the server's words. */
  reason: string | null;
}

export interface Life {
  key: string;
  who: 'customer' | 'business';
  /** A kind of message; `reaction` for what is no message of its own. */
  kind: string;
  words: string | null;
  at: string;
  /** The stored webhook that began it, to look at. */
  eventId: string | null;
  attempts: number;
  steps: Step[];
}

export interface LifeParts {
  /** Newest first. */
  messages: readonly LifeMessage[];
  events: readonly LifeEvent[];
  /** When somebody of the team last looked at the conversation. */
  lastReadAt: string | null;
}

/** Newest first. */
export function livesOf({ messages, events, lastReadAt }: LifeParts): Life[] {
  const ofMessage = new Map(
    events.flatMap((event) => (messageIdOf(event) === null ? [] : [[messageIdOf(event), event] as const])),
  );
  const known = new Set(messages.flatMap((message) => message.external_id ?? []));
  const oldest = messages.at(-1)?.created_at;
  const lives = messages.map((message, index) => {
    if (message.direction !== 'INBOUND') return businessLife(message);
    const answer = messages
      .slice(0, index)
      .findLast((one) => one.direction !== 'INBOUND' && one.status !== 'SCHEDULED');
    return customerLife(message, ofMessage.get(message.external_id), answer, lastReadAt);
  });
  // What came in as a message and is none: a reaction, kept at the message it points at.
  const others = events
    .filter((event) => {
      const id = messageIdOf(event);
      return id !== null && !known.has(id) && (oldest === undefined || event.received_at > oldest);
    })
    .map(reactionLife);
  return [...lives, ...others].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** `<number id>:message:<message id>`, as the WhatsApp adapter names the events that carry a message. */
function messageIdOf(event: LifeEvent): string | null {
  return /^[^:]*:message:(.+)$/.exec(event.provider_event_id)?.[1] ?? null;
}

type Draft = Omit<Step, 'took' | 'reason'> & { reason?: string | null };

function customerLife(
  message: LifeMessage,
  event: LifeEvent | undefined,
  answer: LifeMessage | undefined,
  lastReadAt: string | null,
): Life {
  const placedAt = event?.processed_at ?? message.created_at;
  const opened = lastReadAt !== null && lastReadAt >= placedAt;
  const drafts: Draft[] = [
    ...(event === undefined ? [] : [{ name: 'received', state: 'done', at: event.received_at } as const]),
    { name: 'placed', state: 'done', at: placedAt },
    ...filesStep(message),
    { name: 'opened', state: opened || answer !== undefined ? 'done' : 'waiting', at: null },
    answer === undefined
      ? { name: 'answered', state: 'waiting', at: null }
      : { name: 'answered', state: 'done', at: answer.created_at },
  ];
  return {
    key: message.id,
    who: 'customer',
    kind: message.message_type,
    words: message.content,
    at: event?.received_at ?? message.created_at,
    eventId: event?.id ?? null,
    attempts: 0,
    steps: timed(drafts),
  };
}

function filesStep(message: LifeMessage): Draft[] {
  if (message.attachments.length === 0) return [];
  const states = message.attachments.map((file) => file.status);
  const state = states.includes('FAILED') ? 'failed' : states.includes('PENDING') ? 'running' : 'done';
  return [{ name: 'files', state, at: null }];
}

function businessLife(message: LifeMessage): Life {
  // The change was written when it was heard of; the columns carry the provider's own seconds.
  const heard = (status: string, column: string | null) =>
    message.message_status_events.findLast((event) => event.status === status)?.created_at ?? column;
  const sentAt = heard('SENT', message.sent_at);
  const deliveredAt = heard('DELIVERED', message.delivered_at);
  const readAt = heard('READ', message.read_at);
  const failed = message.status === 'FAILED';
  const pending = message.status === 'PENDING';
  const attempts = message.send_attempts ?? 0;
  const { error_message: reason } = message;

  const sent: Draft =
    sentAt !== null && !pending
      ? { name: 'sent', state: 'done', at: sentAt }
      : failed
        ? { name: 'sent', state: 'failed', at: heard('FAILED', null), reason }
        : { name: 'sent', state: pending ? (attempts > 0 ? 'retrying' : 'running') : 'waiting', at: null };
  const delivered: Draft =
    sent.state === 'done' && failed
      ? { name: 'delivered', state: 'failed', at: heard('FAILED', null), reason }
      : {
          name: 'delivered',
          state: sent.state === 'done' && deliveredAt !== null ? 'done' : sent.state === 'done' ? 'running' : 'waiting',
          at: deliveredAt,
        };
  const read: Draft = {
    name: 'read',
    state: delivered.state === 'done' && readAt !== null ? 'done' : 'waiting',
    at: readAt,
  };
  return {
    key: message.id,
    who: 'business',
    kind: message.message_type,
    words: message.content,
    at: message.created_at,
    eventId: null,
    attempts,
    steps: timed([{ name: 'written', state: 'done', at: message.created_at }, sent, delivered, read]),
  };
}

function reactionLife(event: LifeEvent): Life {
  const state = event.status === 'FAILED' ? 'failed' : event.status === 'RECEIVED' ? 'running' : 'done';
  return {
    key: event.id,
    who: 'customer',
    kind: event.status === 'RECEIVED' ? 'message' : 'reaction',
    words: null,
    at: event.received_at,
    eventId: event.id,
    attempts: 0,
    steps: timed([
      { name: 'received', state: 'done', at: event.received_at },
      { name: 'placed', state, at: event.processed_at, reason: event.error_message },
    ]),
  };
}

function timed(drafts: readonly Draft[]): Step[] {
  let before: string | null = null;
  return drafts.map((draft) => {
    const at = draft.state === 'done' || draft.state === 'failed' ? draft.at : null;
    const took = at === null || before === null ? null : Math.max(0, Date.parse(at) - Date.parse(before));
    if (at !== null) before = at;
    return { name: draft.name, state: draft.state, at, took, reason: draft.reason ?? null };
  });
}
