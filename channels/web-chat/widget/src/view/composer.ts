import type { WidgetAttachment, WidgetConfig } from '../../../protocol.ts';
import type { Chat } from '../chat.ts';
import type { MemoryStore } from '../memory.ts';
import { formatSize, type Locale, type Texts } from '../texts.ts';
import { h, icon, icons } from './dom.ts';

export interface Composer {
  element: HTMLElement;
  focus(): void;
}

const MAX_FILES = 10;
const MAX_TEXT = 4096;

interface Draft {
  name: string;
  /** Missing while it is on its way up. */
  uploaded?: WidgetAttachment;
  error?: string;
}

function accepts(patterns: readonly string[], type: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' || pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1))),
  );
}

/** Where the visitor writes: text that grows, files, send. The draft survives a reload. */
export function createComposer(
  chat: Chat,
  config: WidgetConfig,
  memory: MemoryStore,
  texts: Texts,
  locale: Locale,
  onSent: () => void,
): Composer {
  const drafts = new Map<number, Draft>();
  let nextDraft = 0;
  const limits = config.attachments;

  const input = h('textarea', {
    rows: 1,
    placeholder: texts.placeholder,
    'aria-label': texts.placeholder,
    dir: 'auto',
    maxlength: MAX_TEXT,
  });
  const send = h(
    'button',
    { type: 'submit', class: 'primary', 'aria-label': texts.send, disabled: true },
    icon(icons.send, true),
  );
  const picker = h('input', {
    type: 'file',
    class: 'hidden',
    multiple: true,
    tabindex: '-1',
    'aria-hidden': 'true',
    accept: limits.mime_types.includes('*') ? null : limits.mime_types.join(','),
  });
  const clip = h(
    'button',
    { type: 'button', class: 'tool', 'aria-label': texts.attach, click: () => picker.click() },
    icon(icons.clip),
  );
  const chips = h('div', { class: 'chips', 'aria-live': 'polite' });

  function ready(): boolean {
    const all = [...drafts.values()];
    if (all.some((draft) => !draft.uploaded && !draft.error)) return false;
    return input.value.trim() !== '' || all.some((draft) => draft.uploaded);
  }

  function refresh(): void {
    send.disabled = !ready();
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 120)}px`;
    chips.replaceChildren(
      ...[...drafts].map(([id, draft]) =>
        h(
          'div',
          { class: 'chip' },
          h(
            'span',
            { dir: 'auto', class: draft.error ? 'error' : '' },
            draft.error ? `${draft.name}: ${draft.error}` : draft.name,
          ),
          draft.uploaded || draft.error ? null : h('small', {}, texts.uploading),
          h(
            'button',
            { type: 'button', 'aria-label': `${texts.remove} ${draft.name}`, click: () => remove(id) },
            icon(icons.close),
          ),
        ),
      ),
    );
  }

  function remove(id: number): void {
    drafts.delete(id);
    refresh();
    input.focus();
  }

  function refusal(file: File): string | undefined {
    if (drafts.size > MAX_FILES) return texts.tooMany;
    if (file.size > limits.max_bytes) return texts.tooLarge(formatSize(limits.max_bytes, locale));
    return accepts(limits.mime_types, file.type) ? undefined : texts.badType;
  }

  async function add(file: File): Promise<void> {
    nextDraft += 1;
    const id = nextDraft;
    const draft: Draft = { name: file.name };
    drafts.set(id, draft);
    const refused = refusal(file);
    if (refused === undefined) {
      refresh();
      try {
        draft.uploaded = await chat.upload(file);
      } catch (error) {
        draft.error =
          error instanceof Error && error.message !== '' && navigator.onLine ? error.message : texts.uploadFailed;
      }
    } else draft.error = refused;
    refresh();
  }

  function addAll(files: Iterable<File>): void {
    for (const file of files) void add(file);
  }

  function submit(): void {
    if (!ready()) return;
    const uploaded = [...drafts.values()].flatMap((draft) => (draft.uploaded ? [draft.uploaded] : []));
    chat.send(input.value.trim(), uploaded);
    input.value = '';
    drafts.clear();
    memory.change({ draft: '' });
    refresh();
    onSent();
  }

  picker.addEventListener('change', () => {
    addAll(picker.files ?? []);
    picker.value = '';
  });
  input.addEventListener('input', () => {
    memory.change({ draft: input.value });
    chat.typing();
    refresh();
  });
  input.addEventListener('keydown', (event) => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  input.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || limits.max_bytes === 0) return;
    event.preventDefault();
    addAll(files);
  });

  const onSubmit = (event: Event) => {
    event.preventDefault();
    submit();
  };
  const form = h(
    'form',
    { class: 'composer', submit: onSubmit },
    limits.max_bytes > 0 ? clip : null,
    limits.max_bytes > 0 ? picker : null,
    input,
    send,
  );
  input.value = memory.read().draft ?? '';
  refresh();
  return { element: h('div', {}, chips, form), focus: () => input.focus() };
}
