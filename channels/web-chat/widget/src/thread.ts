import type { VisitorMessage, WidgetAttachment, WidgetMessage } from '../../protocol.ts';

/** One message on the screen: the server's, or one of ours on its way there. */
export interface Entry {
  /** Stable while a message changes from ours to the server's, so the screen does not jump. */
  key: string;
  message: WidgetMessage;
  /** `no`: the server has it. */
  pending: 'no' | 'waiting' | 'failed';
  error?: string;
}

export interface Thread {
  entries(): readonly Entry[];
  /** Adds or replaces; the same message twice, by id or by client id, is one. Returns whether it was new. */
  put(message: WidgetMessage): boolean;
  putPending(message: VisitorMessage, attachments: WidgetAttachment[]): void;
  setPending(clientId: string, pending: 'waiting' | 'failed', error?: string): void;
  drop(clientId: string): void;
  setStatus(messageId: string, status: WidgetMessage['status']): void;
  clear(): void;
}

const statusRank = { failed: 0, sent: 1, delivered: 2, read: 3 } as const;

function laterStatus(before: WidgetMessage['status'], after: WidgetMessage['status']): WidgetMessage['status'] {
  return statusRank[after] >= statusRank[before] ? after : before;
}

function asMessage(message: VisitorMessage, attachments: WidgetAttachment[]): WidgetMessage {
  return {
    id: message.client_id,
    client_id: message.client_id,
    from: 'visitor',
    author: null,
    text: message.choice?.title ?? message.text ?? null,
    attachments,
    choices: [],
    link: null,
    place: null,
    reply_to: message.reply_to ?? null,
    status: 'sent',
    created_at: message.written_at ?? new Date().toISOString(),
    edited: false,
    deleted: false,
  };
}

/** The messages in order of writing; what is still on its way stands at the end. */
export function createThread(): Thread {
  const byKey = new Map<string, Entry>();
  const keyById = new Map<string, string>();
  let sorted: Entry[] | undefined;

  const keyOf = (message: WidgetMessage) => keyById.get(message.id) ?? message.client_id ?? message.id;
  const set = (entry: Entry) => {
    byKey.set(entry.key, entry);
    sorted = undefined;
  };

  return {
    entries() {
      sorted ??= [...byKey.values()].sort((a, b) => {
        if ((a.pending === 'no') !== (b.pending === 'no')) return a.pending === 'no' ? -1 : 1;
        return Date.parse(a.message.created_at) - Date.parse(b.message.created_at);
      });
      return sorted;
    },
    put(message) {
      const key = keyOf(message);
      const known = byKey.get(key);
      keyById.set(message.id, key);
      const status = known?.pending === 'no' ? laterStatus(known.message.status, message.status) : message.status;
      set({ key, message: { ...message, status }, pending: 'no' });
      return known === undefined;
    },
    putPending(message, attachments) {
      if (byKey.has(message.client_id)) return;
      set({ key: message.client_id, message: asMessage(message, attachments), pending: 'waiting' });
    },
    setPending(clientId, pending, error) {
      const entry = byKey.get(clientId);
      if (!entry || entry.pending === 'no') return;
      set({ key: entry.key, message: entry.message, pending, ...(error === undefined ? {} : { error }) });
    },
    drop(clientId) {
      if (byKey.get(clientId)?.pending === 'no') return;
      byKey.delete(clientId);
      sorted = undefined;
    },
    setStatus(messageId, status) {
      const entry = byKey.get(keyById.get(messageId) ?? messageId);
      if (!entry) return;
      set({ ...entry, message: { ...entry.message, status: laterStatus(entry.message.status, status) } });
    },
    clear() {
      byKey.clear();
      keyById.clear();
      sorted = undefined;
    },
  };
}
