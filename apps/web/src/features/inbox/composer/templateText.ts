import type { Json } from '#api/database.ts';
import { listAt, textAt } from '../model/metadata.ts';

/** A provider-approved template as the picker needs it. */
export interface TemplateText {
  header: string | null;
  body: string;
  footer: string | null;
  buttons: string[];
  /** Placeholders of the body in their order: "1", "2", or names. */
  variables: string[];
}

const PLACEHOLDER = /\{\{\s*([\w]+)\s*\}\}/g;

/** Reads `templates.components` in the provider's own shape; `content` is the text where there are none. */
export function readTemplate(components: Json, content: string | null): TemplateText {
  const parts = listAt({ parts: components }, 'parts');
  const part = (type: string) => parts.find((one) => textAt(one, 'type')?.toUpperCase() === type);
  const header = part('HEADER');
  const body = part('BODY');
  const footer = part('FOOTER');
  const text = (body === undefined ? null : textAt(body, 'text')) ?? content ?? '';
  return {
    header: header === undefined ? null : textAt(header, 'text'),
    body: text,
    footer: footer === undefined ? null : textAt(footer, 'text'),
    buttons: listAt(part('BUTTONS') ?? {}, 'buttons').flatMap((button) => textAt(button, 'text') ?? []),
    variables: [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))],
  };
}

/** The body with the given values; a placeholder without a value stays. */
export function fillTemplate(body: string, variables: readonly string[], values: readonly string[]): string {
  return body.replace(PLACEHOLDER, (token, name: string) => {
    const value = values[variables.indexOf(name)];
    return value === undefined || value === '' ? token : value;
  });
}
