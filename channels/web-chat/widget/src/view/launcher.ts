import type { Chat } from '../chat.ts';
import type { Texts } from '../texts.ts';
import { h, icon, icons, setAttributes } from './dom.ts';

export interface Launcher {
  element: HTMLButtonElement;
  update(): void;
}

/** The round button in the corner, with the number of messages that wait. */
export function createLauncher(chat: Chat, texts: Texts): Launcher {
  const closedIcon = icon(icons.chat);
  const openIcon = icon(icons.down);
  const badge = h('span', { class: 'badge', 'aria-hidden': 'true', hidden: true });
  const toggle = () => (chat.state().open ? chat.close() : chat.open());
  const element = h(
    'button',
    { type: 'button', class: 'launcher', 'aria-controls': 'cg-panel', click: toggle },
    closedIcon,
    badge,
  );
  return {
    element,
    update() {
      const { open, unread } = chat.state();
      const label = open ? texts.close : unread > 0 ? `${texts.open}: ${texts.unread(unread)}` : texts.open;
      setAttributes(element, { 'aria-expanded': String(open), 'aria-label': label });
      element.firstElementChild?.replaceWith(open ? openIcon : closedIcon);
      badge.hidden = open || unread === 0;
      badge.textContent = unread > 99 ? '99+' : String(unread);
    },
  };
}
