import type { Entry } from '../thread.ts';
import { h } from './dom.ts';
import { type MessageParts, messageView } from './messageView.ts';

export interface MessageList {
  element: HTMLElement;
  update(): void;
  /** Shows the newest message, whatever was looked at. */
  toEnd(): void;
}

const DAY_MS = 86_400_000;

function startOfDay(date: Date): number {
  return new Date(date).setHours(0, 0, 0, 0);
}

/** The log of messages: elements are kept and replaced only where something changed, so nothing is read out twice. */
export function createMessageList(parts: MessageParts, welcome: () => string): MessageList {
  const { chat, texts, locale } = parts;
  const element = h('div', {
    class: 'log',
    role: 'log',
    'aria-live': 'polite',
    'aria-label': texts.messages,
    tabindex: '0',
  });
  let shown = new Map<string, { node: HTMLElement; signature: string }>();
  let atEnd = true;
  element.addEventListener('scroll', () => {
    atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 60;
  });
  // Pictures grow after they were put in; `load` does not bubble, so it is caught on the way down.
  element.addEventListener('load', () => atEnd && list.toEnd(), true);

  const more = h('button', { type: 'button', class: 'plain', click: () => void earlier() }, texts.earlier);

  async function earlier(): Promise<void> {
    const below = element.scrollHeight - element.scrollTop;
    more.disabled = true;
    await chat.loadEarlier().catch(() => undefined);
    more.disabled = false;
    element.scrollTop = element.scrollHeight - below;
  }

  function dayName(date: Date): string {
    const days = Math.round((startOfDay(new Date()) - startOfDay(date)) / DAY_MS);
    if (days === 0) return texts.today;
    if (days === 1) return texts.yesterday;
    return date.toLocaleDateString(locale, { weekday: 'long', day: 'numeric', month: 'long' });
  }

  function build(): Map<string, { node: HTMLElement; signature: string }> {
    const next: typeof shown = new Map();
    const put = (key: string, signature: string, make: () => HTMLElement) => {
      const known = shown.get(key);
      next.set(key, known?.signature === signature ? known : { node: make(), signature });
    };
    const entries = chat.entries();
    const { hasMore, online } = chat.state();
    const greeting = welcome();
    if (hasMore) put('more', '', () => more);
    else if (greeting !== '') {
      put('welcome', greeting, () => h('div', { class: 'item' }, h('div', { class: 'bubble', dir: 'auto' }, greeting)));
    }
    // Choices stay open until the visitor has said something after them.
    const lastOfVisitor = entries.findLastIndex((entry) => entry.message.from === 'visitor');
    let previous: Entry | undefined;
    entries.forEach((entry, index) => {
      const date = new Date(entry.message.created_at);
      const newDay = !previous || startOfDay(new Date(previous.message.created_at)) !== startOfDay(date);
      if (newDay) put(`day:${startOfDay(date)}`, dayName(date), () => h('div', { class: 'day' }, dayName(date)));
      const showAuthor = newDay || authorOf(previous) !== authorOf(entry);
      const answered = index < lastOfVisitor;
      const waiting = entry.pending === 'waiting' && online;
      const signature = JSON.stringify([entry.message, entry.pending, entry.error, showAuthor, answered, waiting]);
      put(entry.key, signature, () => messageView(entry, showAuthor, answered, parts));
      previous = entry;
    });
    return next;
  }

  const list: MessageList = {
    element,
    update() {
      shown = build();
      arrange(
        element,
        [...shown.values()].map(({ node }) => node),
      );
      if (atEnd) list.toEnd();
    },
    toEnd() {
      atEnd = true;
      element.scrollTop = element.scrollHeight;
    },
  };
  return list;
}

function authorOf(entry: Entry | undefined): string {
  return `${entry?.message.from}:${entry?.message.author?.name}`;
}

/** Makes `nodes` the children without touching those that already stand in their place. */
function arrange(parent: HTMLElement, nodes: readonly HTMLElement[]): void {
  const wanted = new Set<Element>(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    const current = parent.children[index] ?? null;
    if (current !== node) parent.insertBefore(node, current);
  });
}
