import type { Chat } from '../chat.ts';
import type { Texts } from '../texts.ts';
import { h } from './dom.ts';
import { fieldView, identityFrom } from './fields.ts';

export interface Notices {
  element: HTMLElement;
  update(): void;
}

/** What the visitor should know before writing: no network, nobody there (and where to answer), closed. */
export function createNotices(chat: Chat, texts: Texts): Notices {
  const network = h('div', { class: 'note', role: 'status', hidden: true }, texts.offline);
  const closed = h('div', { class: 'note', role: 'status', hidden: true }, texts.closed);
  const away = h('div', { class: 'note', hidden: true });
  let awayShows = '';

  function emailForm(): HTMLFormElement {
    const view = fieldView({ name: 'email', label: texts.email, type: 'email', required: true }, '', texts);
    const button = h('button', { type: 'submit', class: 'primary' }, texts.save);
    const save = async () => {
      if (!view.check()) return view.focus();
      button.disabled = true;
      await chat
        .identify(identityFrom([view]))
        .then(() => form.replaceWith(h('p', { role: 'status' }, texts.thanks)))
        .catch(() => {
          button.disabled = false;
        });
    };
    const onSubmit = (event: Event) => {
      event.preventDefault();
      void save();
    };
    const form = h('form', { novalidate: true, submit: onSubmit }, view.element, button);
    return form;
  }

  return {
    element: h('div', {}, network, away, closed),
    update() {
      const { session, online } = chat.state();
      network.hidden = online;
      closed.hidden = !chat.state().closed;
      const availability = session?.config.availability;
      const ask = availability?.ask_email === true && session?.identity.email === null;
      away.hidden = !availability || availability.online || (availability.message === '' && !ask);
      // Rebuilt only when its words change: a form that is being filled in must stay.
      const shows = `${availability?.message}:${availability?.online}`;
      if (away.hidden || shows === awayShows) return;
      awayShows = shows;
      away.replaceChildren(h('div', { dir: 'auto' }, availability?.message ?? ''), ...(ask ? [emailForm()] : []));
    },
  };
}
