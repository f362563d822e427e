import type { FormField, Identity } from '../../../protocol.ts';
import type { Texts } from '../texts.ts';
import { h, setAttributes } from './dom.ts';

export interface FieldView {
  field: FormField;
  element: HTMLElement;
  value(): string;
  /** Shows the first problem of the value; true when there is none. */
  check(): boolean;
  focus(): void;
}

let count = 0;

function problemOf(field: FormField, value: string, texts: Texts): string | undefined {
  if (value === '') return field.required ? texts.required : undefined;
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return texts.badEmail;
  if (field.type === 'phone' && !/^\+?[\d\s().-]{5,}$/.test(value)) return texts.badPhone;
  return undefined;
}

function control(field: FormField, initial: string): HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  const common = { class: 'field', name: field.name, 'aria-required': field.required ? 'true' : null, dir: 'auto' };
  if (field.type === 'select') {
    const options = ['', ...(field.options ?? [])].map((option) =>
      h('option', { value: option, selected: option === initial }, option),
    );
    return h('select', common, ...options);
  }
  if (field.type === 'textarea') return h('textarea', { ...common, rows: 3 }, initial);
  const kinds = {
    email: ['email', 'email'],
    phone: ['tel', 'tel'],
    text: ['text', field.name === 'name' ? 'name' : 'on'],
  } as const;
  const [type, autocomplete] = kinds[field.type];
  return h('input', { ...common, type, autocomplete, value: initial });
}

/** One labelled field whose problem stands below it and is tied to it for screen readers. */
export function fieldView(field: FormField, initial: string, texts: Texts): FieldView {
  count += 1;
  const id = `cg-field-${count}`;
  const input = control(field, initial);
  const error = h('span', { class: 'error', id: `${id}-error`, role: 'alert' });
  const element = h('label', {}, `${field.label}${field.required ? ' *' : ''}`, input, error);
  const value = () => input.value.trim();
  return {
    field,
    element,
    value,
    check() {
      const problem = problemOf(field, value(), texts);
      error.textContent = problem ?? '';
      setAttributes(input, {
        'aria-invalid': problem === undefined ? null : 'true',
        'aria-describedby': problem === undefined ? null : error.id,
      });
      return problem === undefined;
    },
    focus: () => input.focus(),
  };
}

/** The answers as the server takes them: name, e-mail and phone by themselves, the rest as fields. */
export function identityFrom(views: readonly FieldView[]): Identity {
  const identity: Identity = {};
  const fields: Record<string, string> = {};
  for (const view of views) {
    const value = view.value();
    if (value === '') continue;
    const { name } = view.field;
    if (name === 'name' || name === 'email' || name === 'phone') identity[name] = value;
    else fields[name] = value;
  }
  return Object.keys(fields).length === 0 ? identity : { ...identity, fields };
}
