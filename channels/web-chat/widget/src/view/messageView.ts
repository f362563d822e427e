import type { WidgetAttachment } from '../../../protocol.ts';
import type { Chat } from '../chat.ts';
import { formatSize, type Locale, type Texts } from '../texts.ts';
import type { Entry } from '../thread.ts';
import { h, icon, icons, link, linked } from './dom.ts';

export interface MessageParts {
  chat: Chat;
  texts: Texts;
  locale: Locale;
}

function attachmentView(file: WidgetAttachment, locale: Locale): HTMLElement {
  const isWeb = /^https?:\/\//i.test(file.url);
  if (isWeb && file.kind === 'image') {
    return link(file.url, h('img', { src: file.url, alt: file.file_name, loading: 'lazy' }));
  }
  if (isWeb && file.kind === 'video') return h('video', { src: file.url, controls: true, preload: 'metadata' });
  if (isWeb && file.kind === 'audio') return h('audio', { src: file.url, controls: true, preload: 'metadata' });
  const anchor = link(
    file.url,
    icon(icons.file),
    h('span', { dir: 'auto' }, file.file_name),
    h('small', {}, formatSize(file.size, locale)),
  );
  anchor.className = 'file';
  return anchor;
}

function choicesView(entry: Entry, answered: boolean, { chat }: MessageParts): HTMLElement | null {
  if (entry.message.choices.length === 0) return null;
  const buttons = entry.message.choices.map((choice) =>
    h(
      'button',
      {
        type: 'button',
        class: 'choice',
        dir: 'auto',
        disabled: answered,
        click: () => chat.choose(entry, { id: choice.id, title: choice.title }),
      },
      choice.title,
      choice.description ? h('small', {}, choice.description) : null,
    ),
  );
  return h('div', { class: 'choices' }, ...buttons);
}

function metaView(entry: Entry, { chat, texts, locale }: MessageParts): HTMLElement {
  const { message } = entry;
  if (entry.pending === 'failed') {
    const retry = h('button', { type: 'button', click: () => chat.retry(entry.key) }, texts.retry);
    return h(
      'div',
      { class: 'meta bad' },
      icon(icons.alert),
      `${texts.failed}${entry.error ? `: ${entry.error}` : ''}`,
      retry,
    );
  }
  const time = new Date(message.created_at).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  const edited = message.edited && !message.deleted ? ` · ${texts.edited}` : '';
  if (message.from !== 'visitor') return h('div', { class: 'meta' }, time + edited);
  const [shape, words] =
    entry.pending === 'waiting'
      ? [icons.clock, chat.state().online ? texts.sending : texts.waiting]
      : message.status === 'read'
        ? [icons.checks, texts.read]
        : message.status === 'delivered'
          ? [icons.checks, texts.delivered]
          : [icons.check, texts.sent];
  return h(
    'div',
    { class: 'meta' },
    `${time}${edited} `,
    icon(shape),
    h('span', { class: message.status === 'read' ? '' : 'hidden' }, words),
  );
}

/** One message with its files, choices and state. */
export function messageView(entry: Entry, showAuthor: boolean, answered: boolean, parts: MessageParts): HTMLElement {
  const { message } = entry;
  const { texts, locale } = parts;
  const side = message.from === 'visitor' ? 'mine' : message.from;
  if (message.deleted) {
    return h('div', { class: `item ${side}` }, h('div', { class: 'bubble gone' }, texts.deleted));
  }
  const author = message.from === 'visitor' ? texts.you : message.author?.name;
  const place = message.place;
  return h(
    'div',
    { class: `item ${side}` },
    // Read out for every message, shown only where the author changes.
    author
      ? h('div', { class: showAuthor && message.from === 'agent' ? 'author' : 'hidden', dir: 'auto' }, author)
      : null,
    message.text ? h('div', { class: 'bubble', dir: 'auto' }, ...linked(message.text)) : null,
    ...message.attachments.map((file) => attachmentView(file, locale)),
    place ? mapLink(place.latitude, place.longitude, place.name ?? texts.open_place) : null,
    message.link ? plainLink(message.link.url, message.link.title) : null,
    choicesView(entry, answered, parts),
    message.from === 'system' ? null : metaView(entry, parts),
  );
}

function plainLink(url: string, title: string): HTMLAnchorElement {
  const anchor = link(url, title);
  anchor.className = 'file';
  return anchor;
}

function mapLink(latitude: number, longitude: number, name: string): HTMLAnchorElement {
  const url = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  const anchor = link(url, icon(icons.pin), h('span', { dir: 'auto' }, name));
  anchor.className = 'file';
  return anchor;
}
