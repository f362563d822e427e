import { type Locale, localeFrom } from './texts.ts';

/** What the snippet on the host's page says, as `data-` attributes of the script element. */
export interface Settings {
  key: string;
  /** Origin of the server, without trailing slash. */
  api: string;
  locale: Locale;
}

/** The script element that is running; `async` scripts and tag managers hide it, so it is searched for by its key. */
function ownScript(): HTMLScriptElement | undefined {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement && current.dataset.key) return current;
  const candidates = [...document.querySelectorAll('script[data-key]')];
  return candidates.find(
    (script): script is HTMLScriptElement => script instanceof HTMLScriptElement && script.src.includes('/widget.js'),
  );
}

/** The settings of the snippet, or undefined when the page has none. */
export function readSettings(): Settings | undefined {
  const script = ownScript();
  const key = script?.dataset.key?.trim();
  if (!script || !key) return undefined;
  const origin = script.src === '' ? location.origin : new URL(script.src, location.href).origin;
  const wanted = script.dataset.locale ?? (document.documentElement.lang || navigator.language);
  return { key, api: (script.dataset.api ?? origin).replace(/\/+$/, ''), locale: localeFrom(wanted) };
}
