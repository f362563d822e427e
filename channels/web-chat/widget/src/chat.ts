import type { Identity, SessionAnswer, VisitorMessage, WidgetAttachment, WidgetEvent } from '../../protocol.ts';
import { type Api, ApiError } from './api.ts';
import { createLive } from './live.ts';
import type { MemoryStore } from './memory.ts';
import { createOutbox } from './outbox.ts';
import { createThread, type Entry } from './thread.ts';

/** Everything that the screen shows. */
export interface ChatState {
  session: SessionAnswer | undefined;
  /** The site may not show the widget, or the widget does not exist: nothing is shown. */
  refused: boolean;
  open: boolean;
  loaded: boolean;
  hasMore: boolean;
  unread: number;
  typing: { name: string | null } | undefined;
  online: boolean;
  closed: boolean;
}

export interface Chat {
  state(): Readonly<ChatState>;
  entries(): readonly Entry[];
  onChange(listener: () => void): void;
  start(): Promise<void>;
  open(): void;
  close(): void;
  send(text: string, attachments: WidgetAttachment[]): void;
  choose(entry: Entry, choice: { id: string; title: string }): void;
  retry(clientId: string): void;
  loadEarlier(): Promise<void>;
  /** The visitor is writing; said at most every three seconds. */
  typing(): void;
  upload(file: File): Promise<WidgetAttachment>;
  identify(identity: Identity): Promise<void>;
  stop(): void;
}

export interface ChatParts {
  api: Api;
  memory: MemoryStore;
  locale: string;
}

const TYPING_EVERY_MS = 3000;
const TYPING_ENDS_MS = 6000;
/** Two refused tokens within this time mean that a new session does not help. */
const RENEW_EVERY_MS = 10_000;

function pageNow(): { url: string; title: string; referrer: string } {
  return { url: location.href, title: document.title.slice(0, 512), referrer: document.referrer };
}

/** The conversation of one visitor: state and actions, no screen. */
export function createChat({ api, memory, locale }: ChatParts): Chat {
  const state: ChatState = {
    session: undefined,
    refused: false,
    open: false,
    loaded: false,
    hasMore: false,
    unread: 0,
    typing: undefined,
    online: navigator.onLine,
    closed: false,
  };
  const thread = createThread();
  const listeners = new Set<() => void>();
  let cursor = '';
  let typingTimer: ReturnType<typeof setTimeout> | undefined;
  let lastTyping = 0;
  let renewedAt = Number.NEGATIVE_INFINITY;
  let lastRead: string | undefined;

  const changed = () => {
    for (const listener of listeners) listener();
  };
  const token = () => state.session?.visitor_token ?? '';
  const looking = () => state.open && document.visibilityState === 'visible';

  async function begin(identity?: Identity): Promise<void> {
    const known = memory.read().token;
    const session = await api.session({
      ...(known === undefined ? {} : { visitor_token: known }),
      ...(identity === undefined ? {} : { identity }),
      page: pageNow(),
      locale,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
    adopt(session);
    cursor = session.cursor;
    state.unread = session.unread;
  }

  function adopt(session: SessionAnswer): void {
    state.session = session;
    state.closed = session.conversation?.status === 'closed';
    memory.change({ token: session.visitor_token });
    changed();
  }

  /** A refused token is replaced once; a refused site or widget ends everything. */
  async function onRefused(error: ApiError): Promise<boolean> {
    if (error.status !== 401) {
      if (error.status === 403 || error.status === 404) refuse();
      return false;
    }
    if (performance.now() - renewedAt < RENEW_EVERY_MS) return false;
    renewedAt = performance.now();
    const { outbox } = memory.read();
    memory.forget();
    memory.change({ outbox });
    thread.clear();
    try {
      await begin();
      return true;
    } catch {
      return false;
    }
  }

  function refuse(): void {
    state.refused = true;
    live.stop();
    changed();
  }

  function markRead(): void {
    if (!looking()) return;
    const last = thread.entries().findLast((entry) => entry.message.from !== 'visitor' && entry.pending === 'no');
    state.unread = 0;
    if (!last || last.message.id === lastRead) return;
    lastRead = last.message.id;
    api.read(token(), last.message.id).catch(() => {
      // Said again with the next message or the next opening.
      lastRead = undefined;
    });
  }

  function apply(event: WidgetEvent): void {
    switch (event.type) {
      case 'message': {
        const isNew = thread.put(event.message);
        if (event.message.from !== 'visitor') {
          state.typing = undefined;
          if (isNew && !looking()) state.unread += 1;
          markRead();
        }
        return;
      }
      case 'receipt':
        thread.setStatus(event.message_id, event.status);
        return;
      case 'typing':
        clearTimeout(typingTimer);
        state.typing = event.typing ? { name: event.name } : undefined;
        // An agent who leaves without a word stops typing too.
        typingTimer = setTimeout(() => {
          state.typing = undefined;
          changed();
        }, TYPING_ENDS_MS);
        return;
      case 'conversation':
        state.closed = event.status === 'closed';
        return;
      case 'availability':
        if (state.session) {
          const { online, message, ask_email } = event;
          state.session.config.availability = { online, message, ask_email };
        }
    }
  }

  const live = createLive({
    api,
    token,
    cursor: () => cursor,
    onEvents(events, next) {
      for (const event of events) apply(event);
      if (next !== undefined) cursor = next;
      changed();
    },
    onState(connected) {
      state.online = connected || navigator.onLine;
      if (connected) void outbox.flush();
      changed();
    },
    onRefused,
  });

  const outbox = createOutbox({
    memory,
    send: (message) => api.send(token(), message),
    onSent(message) {
      thread.put(message);
      state.closed = false;
      live.start();
      changed();
    },
    onWaiting(clientId) {
      thread.setPending(clientId, 'waiting');
      changed();
    },
    onFailed(clientId, error) {
      thread.setPending(clientId, 'failed', error.message);
      if (error.status === 403) refuse();
      changed();
    },
    onRefused,
  });

  async function load(): Promise<void> {
    if (state.loaded || !state.session) return;
    state.loaded = true;
    try {
      const answer = await api.messages(token());
      for (const message of answer.messages) thread.put(message);
      state.hasMore = answer.has_more;
      if (answer.cursor !== '') cursor = answer.cursor;
    } catch (error) {
      state.loaded = false;
      if (error instanceof ApiError && !error.passing) await onRefused(error);
    }
    markRead();
    changed();
  }

  function write(fields: Omit<VisitorMessage, 'client_id'>, attachments: WidgetAttachment[]): void {
    const message: VisitorMessage = {
      client_id: crypto.randomUUID(),
      written_at: new Date().toISOString(),
      page: pageNow(),
      ...fields,
    };
    thread.putPending(message, attachments);
    lastTyping = 0;
    outbox.add(message);
    changed();
  }

  const onOnline = () => {
    state.online = true;
    live.nudge();
    void (state.session ? outbox.flush() : chat.start());
    changed();
  };
  const onOffline = () => {
    state.online = false;
    changed();
  };
  const onVisible = () => {
    if (looking()) markRead();
    changed();
  };

  const chat: Chat = {
    state: () => state,
    entries: () => thread.entries(),
    onChange: (listener) => listeners.add(listener),
    async start() {
      addEventListener('online', onOnline);
      addEventListener('offline', onOffline);
      document.addEventListener('visibilitychange', onVisible);
      try {
        await begin();
      } catch (error) {
        if (error instanceof ApiError && !error.passing && !(await onRefused(error))) return;
        if (!state.session) return;
      }
      for (const message of outbox.pending()) thread.putPending(message, []);
      if (state.session?.conversation) live.start();
      if (memory.read().open) chat.open();
      void outbox.flush();
    },
    open() {
      state.open = true;
      memory.change({ open: true });
      live.start();
      void load();
      markRead();
      changed();
    },
    close() {
      state.open = false;
      memory.change({ open: false });
      changed();
    },
    send(text, attachments) {
      const ids = attachments.map((attachment) => attachment.id);
      write({ ...(text === '' ? {} : { text }), ...(ids.length === 0 ? {} : { attachment_ids: ids }) }, attachments);
    },
    choose: (entry, choice) => write({ choice, reply_to: entry.message.id }, []),
    retry: (clientId) => outbox.retry(clientId),
    async loadEarlier() {
      const oldest = thread.entries().find((entry) => entry.pending === 'no');
      if (!oldest) return;
      const answer = await api.messages(token(), oldest.message.id);
      for (const message of answer.messages) thread.put(message);
      state.hasMore = answer.has_more;
      changed();
    },
    typing() {
      const now = performance.now();
      if (now - lastTyping < TYPING_EVERY_MS || !state.session) return;
      lastTyping = now;
      api.typing(token(), true).catch(() => undefined);
    },
    upload: (file) => api.upload(token(), file),
    async identify(identity) {
      if (!state.session) {
        await begin(identity);
        return;
      }
      adopt(await api.identify(identity, token()));
    },
    stop() {
      removeEventListener('online', onOnline);
      removeEventListener('offline', onOffline);
      document.removeEventListener('visibilitychange', onVisible);
      clearTimeout(typingTimer);
      live.stop();
      outbox.stop();
      listeners.clear();
    },
  };
  return chat;
}
