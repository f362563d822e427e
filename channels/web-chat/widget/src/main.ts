import type { Identity } from '../../protocol.ts';
import { createApi } from './api.ts';
import { type Chat, createChat } from './chat.ts';
import { createMemory, type MemoryStore } from './memory.ts';
import { readSettings, type Settings } from './settings.ts';
import { directionOf, textsFor } from './texts.ts';
import { h } from './view/dom.ts';
import { createLauncher } from './view/launcher.ts';
import { createPanel, type Panel } from './view/panel.ts';
import { css, inkOn } from './view/theme.ts';

/** What the host's page can do with the widget. */
export interface ConnectGainChat {
  open(): void;
  close(): void;
  /** Tells who the visitor is, for pages that know. */
  identify(identity: Identity): Promise<void>;
  remove(): void;
}

declare global {
  interface Window {
    ConnectGainChat?: ConnectGainChat;
  }
}

/** A style sheet of the shadow root; constructed ones also pass a page's Content-Security-Policy. */
function style(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(h('style', {}, css));
  }
}

/** Draws the widget once the session is there, and again whenever something changes. */
function mount(settings: Settings, chat: Chat, memory: MemoryStore): () => void {
  const texts = textsFor(settings.locale);
  const host = document.createElement('connectgain-chat');
  const shadow = host.attachShadow({ mode: 'open' });
  style(shadow);
  const root = h('div', { class: 'root', dir: directionOf(settings.locale), lang: settings.locale });
  shadow.append(root);
  const launcher = createLauncher(chat, texts);
  let panel: Panel | undefined;
  let wasOpen = false;

  function draw(): void {
    const { session, open, refused } = chat.state();
    if (refused) {
      host.remove();
      return;
    }
    if (!session) return;
    if (panel === undefined) {
      const { accent, theme, side } = session.config;
      host.style.setProperty('--accent', accent);
      host.style.setProperty('--on-accent', inkOn(accent));
      host.setAttribute('theme', theme);
      root.classList.toggle('start', side === 'start');
      panel = createPanel(session, chat, memory, texts, settings.locale);
      root.append(panel.element, launcher.element);
      document.body.append(host);
    }
    panel.element.hidden = !open;
    root.classList.toggle('open', open);
    launcher.update();
    if (open) panel.update();
    if (open !== wasOpen) {
      wasOpen = open;
      // Opened by itself after a reload, the widget leaves the keyboard where the page has it.
      if (open && document.hasFocus() && navigator.userActivation?.isActive) panel.focus();
      else if (!open && shadow.activeElement) launcher.element.focus();
    }
  }

  chat.onChange(draw);
  draw();
  return () => host.remove();
}

function boot(): void {
  const settings = readSettings();
  if (!settings) {
    console.warn('ConnectGain chat: the script element needs a data-key attribute.');
    return;
  }
  // A page that carries the snippet twice still gets one widget.
  if (window.ConnectGainChat) return;
  const memory = createMemory(settings.key);
  const chat = createChat({ api: createApi(settings.api, settings.key), memory, locale: settings.locale });
  const unmount = mount(settings, chat, memory);
  window.ConnectGainChat = {
    open: () => chat.open(),
    close: () => chat.close(),
    identify: (identity) => chat.identify(identity),
    remove: () => {
      chat.stop();
      unmount();
      delete window.ConnectGainChat;
    },
  };
  void chat.start();
}

if (document.readyState === 'loading') addEventListener('DOMContentLoaded', boot, { once: true });
else boot();
