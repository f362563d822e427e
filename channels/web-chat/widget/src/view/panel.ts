import type { SessionAnswer } from '../../../protocol.ts';
import type { Chat } from '../chat.ts';
import type { MemoryStore } from '../memory.ts';
import type { Locale, Texts } from '../texts.ts';
import { createComposer } from './composer.ts';
import { h, icon, icons } from './dom.ts';
import { createMessageList } from './messageList.ts';
import { createNotices } from './notices.ts';
import { needsForm, preChatForm } from './preChatForm.ts';

export interface Panel {
  element: HTMLElement;
  update(): void;
  /** Puts the keyboard where the visitor goes on. */
  focus(): void;
}

function header(session: SessionAnswer, chat: Chat, texts: Texts): HTMLElement {
  const { config } = session;
  return h(
    'header',
    {},
    config.avatar_url === null ? null : h('img', { src: config.avatar_url, alt: '' }),
    h('div', { class: 'who' }, h('h2', { dir: 'auto', id: 'cg-title' }, config.title)),
    h(
      'button',
      { type: 'button', class: 'tool', 'aria-label': texts.close, click: () => chat.close() },
      icon(icons.close),
    ),
  );
}

/** The window of the chat: form first where one is asked for, then the conversation. */
export function createPanel(
  session: SessionAnswer,
  chat: Chat,
  memory: MemoryStore,
  texts: Texts,
  locale: Locale,
): Panel {
  const notices = createNotices(chat, texts);
  const list = createMessageList({ chat, texts, locale }, () => chat.state().session?.config.welcome ?? '');
  const typing = h('div', { class: 'typing', role: 'status' });
  const composer = createComposer(chat, session.config, memory, texts, locale, () => list.toEnd());
  const conversation = [list.element, typing, composer.element];
  const element = h('section', {
    class: 'panel',
    id: 'cg-panel',
    role: 'dialog',
    'aria-labelledby': 'cg-title',
    hidden: true,
  });
  let answered = false;
  let form: HTMLFormElement | undefined;

  element.append(header(session, chat, texts), notices.element);
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') chat.close();
  });

  function showConversation(): void {
    form?.remove();
    form = undefined;
    if (!list.element.isConnected) element.append(...conversation);
  }

  const panel: Panel = {
    element,
    update() {
      notices.update();
      const { typing: who, session: current } = chat.state();
      if (needsForm(current, answered)) {
        if (form === undefined && current !== undefined) {
          form = preChatForm(current, chat, texts, () => {
            answered = true;
            panel.update();
            panel.focus();
          });
          element.append(form);
        }
        return;
      }
      showConversation();
      list.update();
      typing.textContent = who === undefined ? '' : texts.typing(who.name);
    },
    focus() {
      if (form === undefined) {
        list.toEnd();
        composer.focus();
      } else form.querySelector<HTMLElement>('.field')?.focus();
    },
  };
  return panel;
}
