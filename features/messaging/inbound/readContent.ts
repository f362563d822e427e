import type { InboundContent, InboundMedia, InboundMessage } from '@connectgain/channels/inbound.ts';

/** What a message becomes in `messages`: text in `content`, everything structured in `metadata`. */
export interface StoredContent {
  messageType: string;
  content: string | null;
  metadata: Record<string, unknown>;
  media: readonly InboundMedia[];
}

const MAX_CONTENT = 65_536;

/** Pure: how each kind of inbound content is stored. Reactions are not messages and are handled before. */
export function readContent(message: InboundMessage): StoredContent {
  const stored = fromContent(message.content);
  const metadata: Record<string, unknown> = { ...stored.metadata };
  if (message.forwarded) metadata.forwarded = message.forwardedManyTimes ? 'many_times' : true;
  if (message.referral) metadata.referral = message.referral;
  if (message.referredProduct) metadata.referred_product = message.referredProduct;
  if (message.origin === 'history') metadata.history = true;
  const text = stored.content?.replaceAll('\u0000', '') ?? null;
  return {
    messageType: stored.messageType,
    content: text === null ? null : truncate(text),
    metadata,
    media: [...stored.media, ...message.attachments],
  };
}

/** Providers cap text far lower; a longer one is cut on a code point so that it can be stored at all. */
function truncate(text: string): string {
  return text.length <= MAX_CONTENT ? text : [...text.slice(0, MAX_CONTENT - 1)].slice(0, -1).join('');
}

function plain(messageType: string, content: string | null, metadata: Record<string, unknown> = {}): StoredContent {
  return { messageType, content, metadata, media: [] };
}

function fromContent(content: InboundContent): StoredContent {
  switch (content.type) {
    case 'text':
      return plain('text', content.text);
    case 'media':
      return {
        messageType: content.media.kind,
        content: content.caption ?? null,
        metadata: {},
        media: [content.media],
      };
    case 'location': {
      const { type: _, ...location } = content;
      return plain('location', [content.name, content.address].filter(Boolean).join(', ') || null, { location });
    }
    case 'contacts':
      return plain('contacts', content.contacts.map((card) => card.name).join(', ') || null, {
        contacts: content.contacts,
      });
    case 'reaction':
      return plain('reaction', content.emoji, { reaction: { target_external_id: content.targetExternalId } });
    case 'reply':
      return plain('interactive', content.reply.title || null, { reply: content.reply });
    case 'order':
      return plain('order', content.text ?? null, { order: { catalog_id: content.catalogId, items: content.items } });
    case 'poll':
      return plain('poll', content.question, { options: content.options });
    case 'story':
      return plain('story', content.text ?? null, {
        story: { relation: content.relation, url: content.url, id: content.storyId },
      });
    case 'email':
      return plain('email', content.text ?? null, {
        email: { subject: content.subject, html: content.html, to: content.to, cc: content.cc },
      });
    case 'system':
      return plain('system', content.text, { notice: content.notice });
    case 'referral':
      return plain('referral', content.referral.headline ?? null, { referral: content.referral });
    case 'unsupported':
      return plain('unsupported', null, {
        unsupported: { provider_type: content.providerType, reason: content.reason, code: content.code },
      });
  }
}
