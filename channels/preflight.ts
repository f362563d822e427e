import type { ButtonCapability, Capabilities, ListCapability } from './capabilities.ts';
import { invalidMessage } from './failure.ts';
import type { OutboundContent, OutboundHeader, OutboundMedia } from './outbound.ts';

/**
 * What a channel would refuse, found before sending: by the composer while someone types, by the flow editor before
 * publishing and by every `send`. Pure and free of Node, so the browser runs the same check.
 */
export interface Problem {
  /** The part of the content at fault, as a path: `text`, `media.size`, `buttons.2.title`. */
  field: string;
  words: string;
  limit?: number;
  actual?: number;
}

/** Length as people count it: an emoji is one character, not two. */
export function textLength(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Whether a MIME type, with or without parameters, is among patterns such as `image/png`, `image/*` or `*`. */
export function acceptsMime(patterns: readonly string[], mimeType: string): boolean {
  const bare = mimeType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return patterns.some((pattern) => {
    if (pattern === '*' || pattern === bare) return true;
    return pattern.endsWith('/*') && bare.startsWith(pattern.slice(0, -1));
  });
}

function tooLong(field: string, what: string, text: string | undefined, limit: number): Problem[] {
  if (text === undefined) return [];
  const actual = textLength(text);
  if (actual <= limit) return [];
  const words =
    limit === 0
      ? `This channel has no ${what}. Remove it.`
      : `The ${what} has ${actual} characters, this channel takes ${limit}.`;
  return [{ field, words, limit, actual }];
}

function missing(field: string, what: string, text: string | undefined): Problem[] {
  return text === undefined || text.trim() === '' ? [{ field, words: `The ${what} is empty.` }] : [];
}

function unsupported(what: string): Problem[] {
  return [{ field: 'type', words: `This channel cannot send ${what}.` }];
}

/** Media of one message: kind, type, size, caption. `sizeBytes` is for callers that know it without the bytes. */
export function mediaProblems(
  capabilities: Capabilities,
  media: OutboundMedia,
  caption?: string,
  sizeBytes?: number,
): Problem[] {
  const rule = capabilities.media[media.kind];
  if (!rule) return unsupported(`${media.kind}s`);
  const problems = tooLong('caption', 'caption', caption, rule.captionLength);
  if (media.mimeType !== undefined && !acceptsMime(rule.mimeTypes, media.mimeType)) {
    const list = rule.mimeTypes.join(', ');
    problems.push({
      field: 'media.type',
      words: `A file of type ${media.mimeType} cannot be sent as ${media.kind} here. Accepted: ${list}.`,
    });
  }
  const actual = media.source.type === 'bytes' ? media.source.bytes.byteLength : sizeBytes;
  if (actual !== undefined && actual > rule.maxBytes) {
    problems.push({
      field: 'media.size',
      words: `The file has ${megabytes(actual)} MB, this channel takes ${megabytes(rule.maxBytes)} MB for ${media.kind}s.`,
      limit: rule.maxBytes,
      actual,
    });
  }
  if (actual === 0) problems.push({ field: 'media.size', words: 'The file is empty.' });
  return problems;
}

function megabytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(bytes < 1024 * 1024 ? 2 : 1);
}

function frameProblems(
  capabilities: Capabilities,
  frame: { body?: string; header?: OutboundHeader; footer?: string },
  bodyLength: number,
): Problem[] {
  const header = frame.header;
  return [
    ...missing('body', 'message text', frame.body),
    ...tooLong('body', 'message text', frame.body, bodyLength),
    ...tooLong('header', 'header', header?.type === 'text' ? header.text : undefined, capabilities.headerLength),
    ...(header?.type === 'media' ? mediaProblems(capabilities, header.media) : []),
    ...tooLong('footer', 'footer', frame.footer, capabilities.footerLength),
  ];
}

function duplicates(field: string, values: readonly string[]): Problem[] {
  return new Set(values).size === values.length
    ? []
    : [{ field, words: 'Two choices have the same id. Give each its own.' }];
}

function buttonProblems(rule: ButtonCapability, buttons: readonly { id: string; title: string }[]): Problem[] {
  const problems: Problem[] = [];
  if (buttons.length === 0) problems.push({ field: 'buttons', words: 'There is no button. Add at least one.' });
  if (buttons.length > rule.max) {
    const words = `There are ${buttons.length} buttons, this channel takes ${rule.max}. A list holds more.`;
    problems.push({ field: 'buttons', words, limit: rule.max, actual: buttons.length });
  }
  buttons.forEach((button, index) => {
    problems.push(
      ...missing(`buttons.${index}.title`, 'button title', button.title),
      ...tooLong(`buttons.${index}.title`, 'button title', button.title, rule.titleLength),
      ...missing(`buttons.${index}.id`, 'button id', button.id),
      ...tooLong(`buttons.${index}.id`, 'button id', button.id, rule.idLength),
    );
  });
  return [
    ...problems,
    ...duplicates(
      'buttons',
      buttons.map((button) => button.id),
    ),
  ];
}

function listProblems(rule: ListCapability, content: Extract<OutboundContent, { type: 'list' }>): Problem[] {
  const rows = content.sections.flatMap((section) => section.rows);
  const problems = [
    ...missing('button', 'list button', content.button),
    ...tooLong('button', 'list button', content.button, rule.buttonLength),
  ];
  if (rows.length === 0) problems.push({ field: 'sections', words: 'The list has no rows. Add at least one.' });
  if (rows.length > rule.rows) {
    const words = `The list has ${rows.length} rows, this channel takes ${rule.rows} in all sections together.`;
    problems.push({ field: 'sections', words, limit: rule.rows, actual: rows.length });
  }
  if (content.sections.length > rule.sections) {
    const words = `The list has ${content.sections.length} sections, this channel takes ${rule.sections}.`;
    problems.push({ field: 'sections', words, limit: rule.sections, actual: content.sections.length });
  }
  content.sections.forEach((section, index) => {
    if (content.sections.length > 1)
      problems.push(...missing(`sections.${index}.title`, 'section title', section.title));
    problems.push(...tooLong(`sections.${index}.title`, 'section title', section.title, rule.titleLength));
  });
  rows.forEach((row, index) => {
    problems.push(
      ...missing(`rows.${index}.title`, 'row title', row.title),
      ...tooLong(`rows.${index}.title`, 'row title', row.title, rule.titleLength),
      ...tooLong(`rows.${index}.description`, 'row description', row.description, rule.descriptionLength),
      ...missing(`rows.${index}.id`, 'row id', row.id),
      ...tooLong(`rows.${index}.id`, 'row id', row.id, rule.idLength),
    );
  });
  return [
    ...problems,
    ...duplicates(
      'sections',
      rows.map((row) => row.id),
    ),
  ];
}

function coordinateProblems(latitude: number, longitude: number): Problem[] {
  const inside = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return inside ? [] : [{ field: 'location', words: 'The coordinates are not a place on Earth.' }];
}

/** Everything in the content that the channel would refuse; empty when it may be sent. */
export function findProblems(capabilities: Capabilities, content: OutboundContent): Problem[] {
  switch (content.type) {
    case 'text':
      if (!capabilities.text) return unsupported('text');
      return [
        ...missing('text', 'message', content.text),
        ...tooLong('text', 'message', content.text, capabilities.text.maxLength),
      ];
    case 'media':
      return mediaProblems(capabilities, content.media, content.caption);
    case 'template':
      return capabilities.templates ? missing('name', 'template name', content.name) : unsupported('templates');
    case 'buttons':
      if (!capabilities.buttons) return unsupported('buttons');
      return [
        ...frameProblems(capabilities, content, capabilities.buttons.bodyLength),
        ...buttonProblems(capabilities.buttons, content.buttons),
      ];
    case 'list':
      if (!capabilities.list) return unsupported('lists');
      return [
        ...frameProblems(capabilities, content, capabilities.list.bodyLength),
        ...listProblems(capabilities.list, content),
      ];
    case 'link_button':
      if (!capabilities.linkButton) return unsupported('link buttons');
      return [
        ...frameProblems(capabilities, content, capabilities.linkButton.bodyLength),
        ...missing('title', 'button title', content.title),
        ...tooLong('title', 'button title', content.title, capabilities.linkButton.titleLength),
      ];
    case 'product':
    case 'product_list':
    case 'catalog':
      return capabilities.products ? [] : unsupported('products');
    case 'flow':
      return capabilities.flows ? [] : unsupported('forms');
    case 'location':
      return capabilities.location.send
        ? coordinateProblems(content.latitude, content.longitude)
        : unsupported('locations');
    case 'location_request':
      return capabilities.locationRequests
        ? missing('body', 'message text', content.body)
        : unsupported('location requests');
    case 'contacts':
      if (!capabilities.contacts.send) return unsupported('contact cards');
      return content.contacts.length > 0 ? [] : [{ field: 'contacts', words: 'There is no contact card to send.' }];
    case 'reaction':
      return capabilities.reactions.send
        ? missing('targetExternalId', 'message to react to', content.targetExternalId)
        : unsupported('reactions');
    case 'carousel':
      return capabilities.carousel ? [] : unsupported('carousels');
    case 'email':
      return capabilities.email ? missing('subject', 'subject', content.subject) : unsupported('e-mail');
    case 'poll':
      return capabilities.polls ? missing('question', 'question', content.question) : unsupported('polls');
    case 'notification':
      if (!capabilities.notification) return unsupported('notifications');
      return [
        ...missing('title', 'title', content.title),
        ...tooLong('title', 'title', content.title, capabilities.notification.titleLength),
        ...tooLong('body', 'message', content.body, capabilities.notification.bodyLength),
      ];
  }
}

/**
 * @throws ChannelError `message_invalid` with all problems in its words
 */
export function refuseProblems(capabilities: Capabilities, content: OutboundContent): void {
  const problems = findProblems(capabilities, content);
  if (problems.length > 0) throw invalidMessage(problems.map((problem) => problem.words).join(' '));
}
