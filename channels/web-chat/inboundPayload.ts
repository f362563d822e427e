import { z } from 'zod';
import { attachmentSchema, MAX_ATTACHMENTS, MAX_TEXT, pageSchema } from './protocol.ts';

/**
 * What the endpoints of the widget store as an inbound event: the visitor's request, made complete with what the server
 * knows (who asked, when, the files behind the ids). The adapter reads it like any provider's webhook.
 */
const base = {
  widget_key: z.string().min(1).max(128),
  at: z.iso.datetime({ offset: true }),
  visitor: z.object({
    id: z.string().min(1).max(128),
    name: z.string().max(200).nullish(),
    email: z.string().max(254).nullish(),
    phone: z.string().max(32).nullish(),
    locale: z.string().max(35).nullish(),
  }),
};

export const inboundPayloadSchema = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('message'),
    client_id: z.uuid(),
    text: z.string().max(MAX_TEXT).nullish(),
    attachments: z.array(attachmentSchema).max(MAX_ATTACHMENTS).default([]),
    reply_to: z.string().max(128).nullish(),
    choice: z.object({ id: z.string(), title: z.string() }).nullish(),
    page: pageSchema.nullish(),
  }),
  z.object({
    ...base,
    kind: z.literal('read'),
    message_id: z.string().min(1).max(128),
    /** When the message that was read last had been written. */
    up_to: z.iso.datetime({ offset: true }).nullish(),
  }),
  z.object({ ...base, kind: z.literal('typing'), typing: z.boolean() }),
  z.object({
    ...base,
    kind: z.literal('identity'),
    fields: z.record(z.string(), z.string()).default({}),
  }),
]);

export type WebChatInbound = z.input<typeof inboundPayloadSchema>;
export type ParsedWebChatInbound = z.output<typeof inboundPayloadSchema>;
