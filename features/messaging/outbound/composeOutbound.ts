import type { OutboundContent, OutboundMedia, TemplateComponent } from '@connectgain/channels/outbound.ts';
import { z } from 'zod';

/** A stored message as it is to be sent. `attachments` are in order; bytes are loaded by the caller. */
export interface OutgoingRow {
  content: string | null;
  message_type: string;
  metadata: Record<string, unknown>;
}

export type Composed = { ok: true; contents: OutboundContent[] } | { ok: false; words: string };

const location = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: z.string().optional(),
  address: z.string().optional(),
});

const button = z.object({ id: z.string().min(1), title: z.string().min(1) });
const interactive = z.discriminatedUnion('type', [
  z.object({ type: z.literal('buttons'), buttons: z.array(button).min(1), footer: z.string().optional() }),
  z.object({
    type: z.literal('list'),
    button: z.string().min(1),
    footer: z.string().optional(),
    sections: z
      .array(
        z.object({
          title: z.string().optional(),
          rows: z.array(button.extend({ description: z.string().optional() })).min(1),
        }),
      )
      .min(1),
  }),
  z.object({
    type: z.literal('link_button'),
    title: z.string().min(1),
    url: z.string().min(1),
    footer: z.string().optional(),
  }),
]);

/** `metadata.template`: a name, a language and the values of its variables in order, or the components themselves. */
const template = z.object({
  name: z.string().min(1),
  language: z.string().min(2).default('en'),
  variables: z.array(z.string()).default([]),
  header_variables: z.array(z.string()).default([]),
  components: z.custom<TemplateComponent[]>((value) => Array.isArray(value)).optional(),
});

const contactCards = z
  .array(
    z.object({
      name: z.string().min(1),
      firstName: z.string().optional(),
      lastName: z.string().optional(),
      organization: z.string().optional(),
      phones: z.array(z.object({ phone: z.string(), type: z.string().optional() })).default([]),
      emails: z.array(z.object({ email: z.string(), type: z.string().optional() })).default([]),
    }),
  )
  .min(1);

/**
 * One stored message as the contents to send, in order: a message with several files becomes one content per file, the
 * text going with the first as its caption. What cannot be sent is said in words.
 */
export function composeOutbound(row: OutgoingRow, media: readonly OutboundMedia[]): Composed {
  const text = row.content?.trim() ? row.content : null;
  switch (row.message_type) {
    case 'template':
      return parsed(template, row.metadata.template, 'template', (t) => ({
        type: 'template',
        name: t.name,
        language: t.language,
        components: t.components ?? [...parameters('header', t.header_variables), ...parameters('body', t.variables)],
      }));
    case 'location':
      return parsed(location, row.metadata.location, 'location', (l) => ({ type: 'location', ...l }));
    case 'interactive':
      return parsed(interactive, row.metadata.interactive, 'interactive', (i) => ({ ...i, body: text ?? '' }));
    case 'contacts':
      return parsed(contactCards, row.metadata.contacts, 'contacts', (cards) => ({
        type: 'contacts',
        contacts: cards.map((card) => ({ ...card, urls: [], addresses: [] })),
      }));
    default: {
      const contents = media.map(
        (item, index): OutboundContent => ({
          type: 'media',
          media: item,
          ...(index === 0 && text !== null ? { caption: text } : {}),
        }),
      );
      if (contents.length > 0) return { ok: true, contents };
      if (text === null) return { ok: false, words: 'The message has no text and no attachment.' };
      return { ok: true, contents: [{ type: 'text', text }] };
    }
  }
}

function parameters(type: 'header' | 'body', values: readonly string[]): TemplateComponent[] {
  return values.length === 0 ? [] : [{ type, parameters: values.map((text) => ({ type: 'text', text })) }];
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, name: string, make: (value: T) => OutboundContent): Composed {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, contents: [make(result.data)] };
  const issue = result.error.issues[0];
  return {
    ok: false,
    words: `metadata.${[name, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'is not valid'}.`,
  };
}
