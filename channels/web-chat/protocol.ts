import { z } from 'zod';

/**
 * The wire protocol between the chat widget and the server, see README.md for the endpoints. The server parses what
 * visitors send with these schemas; the widget takes only the types, so that none of this weighs on a customer's page.
 * Field names are snake_case as everywhere under `/functions/v1`; times are ISO 8601 UTC.
 */

const id = z.string().min(1).max(128);
const shortText = z.string().trim().max(200);
const webAddress = z
  .string()
  .max(2048)
  .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), 'must be an http or https address');

/** Longest text of one message, in UTF-16 units; the same in the capabilities. */
export const MAX_TEXT = 4096;
export const MAX_ATTACHMENTS = 10;
/** Events of one answer of `GET events`. */
export const MAX_EVENTS = 200;

/** The page that the visitor is on. An address that is no web address (`about:blank`, a file) is dropped, not refused. */
export const pageSchema = z.object({
  url: webAddress.optional().catch(undefined),
  title: z.string().max(512).optional().catch(undefined),
  referrer: webAddress.optional().catch(undefined),
});

/** Answers to the pre-chat form or to the question for an e-mail address. */
export const identitySchema = z.object({
  name: shortText.min(1).optional(),
  email: z.email().max(254).optional(),
  phone: z
    .string()
    .trim()
    .max(32)
    .regex(/^\+?[\d\s().-]{5,}$/, 'must be a phone number')
    .optional(),
  /** Further fields of the form, by the names in its configuration. */
  fields: z.record(z.string().min(1).max(64), z.string().max(1000)).optional(),
});

export const sessionRequestSchema = z.object({
  widget_key: id,
  /** Without it, or when it is no longer valid, the visitor is a new one. */
  visitor_token: z.string().max(1024).optional(),
  page: pageSchema.optional(),
  locale: z.string().max(35).optional(),
  timezone: z.string().max(64).optional(),
  identity: identitySchema.optional(),
});

export const visitorMessageSchema = z
  .object({
    /** Made by the widget; the same one again is the same message. */
    client_id: z.uuid(),
    text: z.string().max(MAX_TEXT).optional(),
    attachment_ids: z.array(id).max(MAX_ATTACHMENTS).optional(),
    /** Id of the message that is quoted or whose choice was taken. */
    reply_to: id.optional(),
    /** A button or list row that was pressed. */
    choice: z.object({ id: z.string().min(1).max(256), title: shortText.min(1) }).optional(),
    page: pageSchema.optional(),
    /** When the visitor pressed send, which is earlier than now after a time without network. */
    written_at: z.iso.datetime().optional(),
  })
  .refine(
    (message) =>
      (message.text ?? '').trim() !== '' || (message.attachment_ids ?? []).length > 0 || message.choice !== undefined,
    { message: 'A message needs text, an attachment or a choice.', path: ['text'] },
  );

/** Everything up to this message was on the visitor's screen. */
export const readRequestSchema = z.object({ message_id: id });

export const typingRequestSchema = z.object({ typing: z.boolean() });

export const messagesQuerySchema = z.object({
  /** Messages older than this one. */
  before: id.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});

export const eventsQuerySchema = z.object({ cursor: z.string().max(256).optional() });

/** The body is the file itself, its type the `Content-Type`. */
export const attachmentQuerySchema = z.object({ file_name: z.string().min(1).max(255) });

export const attachmentKinds = ['image', 'video', 'audio', 'document'] as const;

export const attachmentSchema = z.object({
  id,
  kind: z.enum(attachmentKinds),
  url: webAddress,
  mime_type: z.string().max(127),
  file_name: z.string().max(255),
  size: z.number().int().min(0),
});

export const choiceSchema = z.object({ id: z.string(), title: z.string(), description: z.string().optional() });

/** One message as the widget shows it. */
export const messageSchema = z.object({
  id,
  client_id: z.string().nullable(),
  from: z.enum(['visitor', 'agent', 'system']),
  author: z.object({ name: z.string(), avatar_url: webAddress.nullable() }).nullable(),
  text: z.string().nullable(),
  attachments: z.array(attachmentSchema),
  /** Buttons or list rows to answer with. */
  choices: z.array(choiceSchema),
  link: z.object({ title: z.string(), url: webAddress }).nullable(),
  place: z.object({ latitude: z.number(), longitude: z.number(), name: z.string().nullable() }).nullable(),
  reply_to: id.nullable(),
  status: z.enum(['sent', 'delivered', 'read', 'failed']),
  created_at: z.iso.datetime({ offset: true }),
  edited: z.boolean(),
  deleted: z.boolean(),
});

export const formFieldSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  label: z.string().min(1).max(120),
  type: z.enum(['text', 'email', 'phone', 'select', 'textarea']),
  required: z.boolean(),
  options: z.array(z.string().max(120)).max(50).optional(),
});

/** How the widget looks and behaves for this visitor, in their language. */
export const widgetConfigSchema = z.object({
  title: z.string(),
  welcome: z.string(),
  /** `#rrggbb`; the widget picks black or white on it by contrast. */
  accent: z.string().regex(/^#[0-9a-f]{6}$/i),
  side: z.enum(['start', 'end']),
  theme: z.enum(['auto', 'light', 'dark']),
  avatar_url: webAddress.nullable(),
  /** Asked before the first message; empty asks nothing. */
  form: z.array(formFieldSchema).max(10),
  availability: z.object({
    online: z.boolean(),
    /** Shown while nobody is there. */
    message: z.string(),
    /** Ask for an e-mail address to answer to while nobody is there. */
    ask_email: z.boolean(),
  }),
  attachments: z.object({ max_bytes: z.number().int().min(0), mime_types: z.array(z.string()) }),
});

export const sessionAnswerSchema = z.object({
  visitor_token: z.string(),
  visitor_id: id,
  config: widgetConfigSchema,
  /** What is known of the visitor, so that nothing is asked twice. */
  identity: z.object({ name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable() }),
  conversation: z.object({ status: z.enum(['open', 'closed']) }).nullable(),
  unread: z.number().int().min(0),
  /** Where `GET events` goes on from. */
  cursor: z.string(),
});

export const messagesAnswerSchema = z.object({
  /** Oldest first. */
  messages: z.array(messageSchema),
  has_more: z.boolean(),
  cursor: z.string(),
});

export const messageAnswerSchema = z.object({ message: messageSchema });

export const widgetEventSchema = z.discriminatedUnion('type', [
  /** A new message, or a known one edited, deleted or with another status. */
  z.object({ type: z.literal('message'), message: messageSchema }),
  z.object({ type: z.literal('receipt'), message_id: id, status: z.enum(['sent', 'delivered', 'read', 'failed']) }),
  z.object({ type: z.literal('typing'), name: z.string().nullable(), typing: z.boolean() }),
  z.object({ type: z.literal('conversation'), status: z.enum(['open', 'closed']) }),
  z.object({ type: z.literal('availability'), online: z.boolean(), message: z.string(), ask_email: z.boolean() }),
]);

export const eventsAnswerSchema = z.object({ events: z.array(widgetEventSchema).max(MAX_EVENTS), cursor: z.string() });

export type SessionRequest = z.input<typeof sessionRequestSchema>;
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>;
export type Identity = z.input<typeof identitySchema>;
export type VisitorMessage = z.input<typeof visitorMessageSchema>;
export type WidgetMessage = z.infer<typeof messageSchema>;
export type WidgetAttachment = z.infer<typeof attachmentSchema>;
export type WidgetConfig = z.infer<typeof widgetConfigSchema>;
export type FormField = z.infer<typeof formFieldSchema>;
export type MessagesAnswer = z.infer<typeof messagesAnswerSchema>;
export type WidgetEvent = z.infer<typeof widgetEventSchema>;
export type EventsAnswer = z.infer<typeof eventsAnswerSchema>;

/** Codes in the error envelope that the widget acts on; any other is shown as it is. */
export const widgetErrorCodes = {
  unknownWidget: 'WIDGET_NOT_FOUND',
  originNotAllowed: 'ORIGIN_NOT_ALLOWED',
  invalidToken: 'VISITOR_TOKEN_INVALID',
  invalidMessage: 'MESSAGE_INVALID',
  tooManyRequests: 'TOO_MANY_REQUESTS',
  attachmentTooLarge: 'ATTACHMENT_TOO_LARGE',
  attachmentType: 'ATTACHMENT_TYPE',
} as const;
