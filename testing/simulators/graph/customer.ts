import { createHash } from 'node:crypto';
import type { Core } from './core.ts';
import { advanceTo } from './delivery.ts';
import { graphId, wamid } from './ids.ts';
import type { JsonObject } from './json.ts';
import type { OutgoingMessage, Person, PhoneNumber } from './model.ts';
import { click, inbound, preference } from './payloads.ts';

/** What can stand beside any message of a customer. */
export interface Said {
  /** Id of the message that is quoted, ours or theirs. */
  replyTo?: string;
  forwarded?: boolean;
  forwardedManyTimes?: boolean;
  /** The advertisement that led here, in Meta's fields (`source_url`, `source_id`, `ctwa_clid`, …). */
  referral?: JsonObject;
  /** Asking about a catalogue item. */
  product?: { catalog_id: string; product_retailer_id: string };
}

export interface SentFile {
  bytes: Uint8Array<ArrayBuffer>;
  mimeType: string;
  caption?: string;
  fileName?: string;
}

/** Plays one person's phone. Every method posts the webhook that Meta would and returns the message's id. */
export interface Customer {
  readonly person: Person;
  sendText(text: string, said?: Said): Promise<string>;
  sendImage(file: SentFile, said?: Said): Promise<string>;
  sendVideo(file: SentFile, said?: Said): Promise<string>;
  sendAudio(file: SentFile & { voice?: boolean }, said?: Said): Promise<string>;
  sendDocument(file: SentFile, said?: Said): Promise<string>;
  sendSticker(file: SentFile & { animated?: boolean }, said?: Said): Promise<string>;
  sendLocation(
    place: { latitude: number; longitude: number; name?: string; address?: string; url?: string },
    said?: Said,
  ): Promise<string>;
  sendContacts(cards: JsonObject[], said?: Said): Promise<string>;
  /** null takes the reaction back. */
  sendReaction(messageId: string, emoji: string | null): Promise<string>;
  /** Presses a reply button of an interactive message of ours. */
  sendButtonReply(messageId: string, reply: { id: string; title: string }): Promise<string>;
  sendListReply(messageId: string, reply: { id: string; title: string; description?: string }): Promise<string>;
  /** Presses a quick-reply button of a template. */
  sendQuickReply(messageId: string, button: { text: string; payload: string }): Promise<string>;
  sendFlowReply(messageId: string, answers: JsonObject): Promise<string>;
  sendOrder(order: { catalog_id: string; text?: string; product_items: JsonObject[] }): Promise<string>;
  /** A kind that the API does not pass on, such as `poll_creation`. */
  sendUnsupported(type: string): Promise<string>;
  editText(messageId: string, text: string): Promise<string>;
  deleteMessage(messageId: string): Promise<string>;
  /** A message object as it is, for what has no method. */
  sendRaw(content: JsonObject): Promise<string>;
  changeNumber(newWaId: string): Promise<string>;
  clickLink(data?: JsonObject): Promise<void>;
  setMarketing(value: 'stop' | 'resume'): Promise<void>;
  /** What the business has sent to this person, oldest first. */
  received(): OutgoingMessage[];
  /** Opens the chat: everything that arrived so far is read. */
  read(): Promise<void>;
}

function contextOf(said: Said, number: PhoneNumber): JsonObject {
  const context: JsonObject = {};
  if (said.replyTo !== undefined) Object.assign(context, { from: number.displayNumber, id: said.replyTo });
  if (said.forwarded === true) context.forwarded = true;
  if (said.forwardedManyTimes === true) context.frequently_forwarded = true;
  if (said.product !== undefined) context.referred_product = said.product;
  return {
    ...(Object.keys(context).length > 0 ? { context } : {}),
    ...(said.referral === undefined ? {} : { referral: said.referral }),
  };
}

/** Puts a file where `GET /{media_id}` finds it, and describes it as webhooks do. */
function storeFile(core: Core, number: PhoneNumber, file: SentFile, extra: JsonObject): JsonObject {
  const media = {
    id: graphId(),
    wabaId: number.wabaId,
    mimeType: file.mimeType,
    fileName: file.fileName,
    bytes: file.bytes,
  };
  core.world.media.set(media.id, media);
  return {
    ...(file.caption === undefined ? {} : { caption: file.caption }),
    ...(file.fileName === undefined ? {} : { filename: file.fileName }),
    mime_type: file.mimeType,
    sha256: createHash('sha256').update(file.bytes).digest('base64'),
    id: media.id,
    ...extra,
  };
}

export function createCustomer(core: Core, number: PhoneNumber, person: Person): Customer {
  async function say(content: JsonObject): Promise<string> {
    const id = wamid(person.waId);
    const now = core.clock.now();
    person.lastWroteAt.set(number.id, now);
    core.world.incoming.set(id, { phoneNumberId: number.id, waId: person.waId, read: false, typing: false });
    await core.webhooks.post(inbound(number, person, id, now, content));
    return id;
  }
  const saying = (type: string, value: unknown, said: Said = {}) =>
    say({ ...contextOf(said, number), type, [type]: value });
  const interactive = (messageId: string, type: string, value: JsonObject) =>
    saying('interactive', { type, [type]: value }, { replyTo: messageId });
  const arrived = (message: OutgoingMessage) => message.state === 'delivered' || message.state === 'sent';

  const customer: Customer = {
    person,
    sendText: (text, said) => saying('text', { body: text }, said),
    sendImage: (file, said) => saying('image', storeFile(core, number, file, {}), said),
    sendVideo: (file, said) => saying('video', storeFile(core, number, file, {}), said),
    sendAudio: (file, said) => saying('audio', storeFile(core, number, file, { voice: file.voice ?? false }), said),
    sendDocument: (file, said) => saying('document', storeFile(core, number, file, {}), said),
    sendSticker: (file, said) =>
      saying('sticker', storeFile(core, number, file, { animated: file.animated ?? false }), said),
    sendLocation: (place, said) => saying('location', place, said),
    sendContacts: (cards, said) => saying('contacts', cards, said),
    sendReaction: (messageId, emoji) =>
      saying('reaction', { message_id: messageId, ...(emoji === null ? {} : { emoji }) }),
    sendButtonReply: (messageId, reply) => interactive(messageId, 'button_reply', reply),
    sendListReply: (messageId, reply) => interactive(messageId, 'list_reply', reply),
    sendQuickReply: (messageId, button) => saying('button', button, { replyTo: messageId }),
    sendFlowReply: (messageId, answers) =>
      interactive(messageId, 'nfm_reply', { name: 'flow', body: 'Sent', response_json: JSON.stringify(answers) }),
    sendOrder: (order) => saying('order', order),
    sendUnsupported: (type) =>
      say({
        type: 'unsupported',
        unsupported: { type },
        errors: [
          {
            code: 131051,
            title: 'Message type unknown',
            message: 'Message type unknown',
            error_data: { details: 'Message type is currently not supported.' },
          },
        ],
      }),
    editText: (messageId, text) =>
      saying('edit', { original_message_id: messageId, message: { type: 'text', text: { body: text } } }),
    deleteMessage: (messageId) => saying('revoke', { original_message_id: messageId }),
    sendRaw: say,
    changeNumber: (newWaId) =>
      saying('system', {
        body: `User ${person.name} changed from ${person.waId} to ${newWaId}`,
        wa_id: newWaId,
        type: 'user_changed_number',
      }),
    clickLink: (data = {}) =>
      core.webhooks.post(
        click(number, core.clock.now(), {
          tracking_token: `AI@${graphId()}`,
          click_id: `IwAR${graphId()}`,
          click_component: 'CTA',
          ...data,
        }),
      ),
    async setMarketing(value) {
      person.stoppedMarketing = value === 'stop';
      await core.webhooks.post(preference(number, person, core.clock.now(), value));
    },
    received: () =>
      [...core.world.outgoing.values()].filter((each) => each.waId === person.waId && each.phoneNumberId === number.id),
    async read() {
      for (const message of customer.received().filter(arrived)) await advanceTo(core, message, 'read');
    },
  };
  return customer;
}
