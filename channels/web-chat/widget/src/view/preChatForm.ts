import type { SessionAnswer } from '../../../protocol.ts';
import type { Chat } from '../chat.ts';
import type { Texts } from '../texts.ts';
import { h } from './dom.ts';
import { fieldView, identityFrom } from './fields.ts';

/** Whether the visitor still has to answer the pre-chat form: not once a conversation or the answers exist. */
export function needsForm(session: SessionAnswer | undefined, answered: boolean): boolean {
  if (!session || answered || session.conversation || session.config.form.length === 0) return false;
  const { identity } = session;
  return session.config.form.some((field) => {
    const known =
      field.name === 'name' || field.name === 'email' || field.name === 'phone' ? identity[field.name] : null;
    return known === null;
  });
}

/** What is asked before the first message. */
export function preChatForm(session: SessionAnswer, chat: Chat, texts: Texts, onDone: () => void): HTMLFormElement {
  const views = session.config.form.map((field) => {
    const { name } = field;
    const known = name === 'name' || name === 'email' || name === 'phone' ? session.identity[name] : null;
    return fieldView(field, known ?? '', texts);
  });
  const problem = h('div', { class: 'error', role: 'alert' });
  const button = h('button', { type: 'submit', class: 'primary' }, texts.start);

  async function submit(): Promise<void> {
    const wrong = views.filter((view) => !view.check());
    if (wrong.length > 0) {
      wrong[0]?.focus();
      return;
    }
    button.disabled = true;
    problem.textContent = '';
    try {
      await chat.identify(identityFrom(views));
      onDone();
    } catch (error) {
      problem.textContent = error instanceof Error && error.message !== '' ? error.message : texts.problem;
    } finally {
      button.disabled = false;
    }
  }

  const onSubmit = (event: Event) => {
    event.preventDefault();
    void submit();
  };
  return h(
    'form',
    { class: 'form', novalidate: true, submit: onSubmit },
    session.config.welcome === '' ? null : h('p', { dir: 'auto' }, session.config.welcome),
    ...views.map((view) => view.element),
    problem,
    button,
  );
}
