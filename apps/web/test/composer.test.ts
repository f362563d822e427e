import { webChatCapabilities } from '@connectgain/channels/web-chat/capabilities.ts';
import { whatsappCloudCapabilities } from '@connectgain/channels/whatsapp-cloud/capabilities.ts';
import { describe, expect, it } from 'vitest';
import { snoozeChoices } from '../src/features/inbox/actions/snoozeChoices.ts';
import { limitsOf, mediaKindOf, textLength } from '../src/features/inbox/composer/channelLimits.ts';
import { fillTemplate, readTemplate } from '../src/features/inbox/composer/templateText.ts';
import { findTrigger } from '../src/features/inbox/composer/trigger.ts';
import { resolveVariables, variableValues } from '../src/features/inbox/composer/variables.ts';
import { replyWindow } from '../src/features/inbox/composer/window.ts';
import { at } from './fixtures.ts';

describe('what is being asked for while writing', () => {
  it('a slash at the start of a word asks for saved replies', () => {
    expect(findTrigger('/', 'reply')).toEqual({ kind: 'reply', query: '', from: 0 });
    expect(findTrigger('Hello /or', 'reply')).toEqual({ kind: 'reply', query: 'or', from: 6 });
    expect(findTrigger('and/or', 'reply')).toBeNull();
    expect(findTrigger('https://x', 'reply')).toBeNull();
    expect(findTrigger('/', 'note')).toBeNull();
  });

  it('two braces ask for data, an at sign in a note for a colleague', () => {
    expect(findTrigger('Dear {{fir', 'reply')).toEqual({ kind: 'variable', query: 'fir', from: 5 });
    expect(findTrigger('please @sara n', 'note')).toEqual({ kind: 'mention', query: 'sara n', from: 7 });
    expect(findTrigger('mail a@b', 'note')).toBeNull();
    expect(findTrigger('@sara', 'reply')).toBeNull();
    expect(findTrigger('اسأل @سار', 'note')).toMatchObject({ kind: 'mention', query: 'سار' });
  });
});

describe('variables', () => {
  const values = variableValues({
    contact: { first_name: 'Mona', last_name: null, full_name: 'Mona', phones: ['+20100'], emails: [] },
    agent: { firstName: 'Sara', name: 'Sara Nabil' },
    organization: 'Lumen',
  });

  it('are filled in, in both spellings', () => {
    expect(resolveVariables('Hi {{contact.first_name}}, {{ first_name }} from {{agent.name}}', values).text).toBe(
      'Hi Mona, Mona from Sara Nabil',
    );
  });

  it('are named when nothing is known, and never taken from the language itself', () => {
    expect(resolveVariables('{{contact.email}} {{constructor}} {{nope}}', values)).toEqual({
      text: '{{contact.email}} {{constructor}} {{nope}}',
      used: [],
      missing: ['contact.email', 'constructor', 'nope'],
    });
  });
});

describe('the limits of a channel', () => {
  it('are those that the adapters declare', () => {
    for (const [type, declared] of [
      ['WHATSAPP_CLOUD', whatsappCloudCapabilities],
      ['WEB_CHAT', webChatCapabilities],
    ] as const) {
      const limits = limitsOf(type);
      expect(limits.textLength).toBe(declared.text?.maxLength);
      expect(limits.windowHours).toBe(declared.sessionWindowHours);
      expect(limits.replies).toBe(declared.replies.send);
      for (const kind of ['image', 'video', 'audio', 'document'] as const) {
        expect(limits.media[kind]?.maxBytes).toBe(declared.media[kind]?.maxBytes);
        expect(limits.media[kind]?.mimeTypes).toEqual(declared.media[kind]?.mimeTypes);
      }
    }
  });

  it('send a file as what the channel shows it as, else as a document', () => {
    const whatsapp = limitsOf('WHATSAPP_CLOUD');
    expect(mediaKindOf('image/png', whatsapp)).toBe('image');
    expect(mediaKindOf('image/svg+xml', whatsapp)).toBe('document');
    expect(mediaKindOf('audio/ogg; codecs=opus', whatsapp)).toBe('audio');
    expect(mediaKindOf('', whatsapp)).toBe('document');
  });

  it('count an emoji as one character', () => {
    expect(textLength('👍é')).toBe(2);
  });
});

describe('the time to answer freely', () => {
  const now = new Date(at(0));
  it('is open, shut, or without an end', () => {
    expect(replyWindow(at(90), 24, now)).toEqual({ state: 'open', remainingMs: 90 * 60_000 });
    expect(replyWindow(at(-1), 24, now)).toEqual({ state: 'shut', at: at(-1) });
    expect(replyWindow(null, 24, now)).toEqual({ state: 'shut', at: null });
    expect(replyWindow(null, null, now)).toEqual({ state: 'always' });
  });
});

describe('a provider’s template', () => {
  const components = [
    { type: 'HEADER', format: 'TEXT', text: 'Order' },
    { type: 'BODY', text: 'Hello {{1}}, {{2}} is on its way. {{1}}' },
    { type: 'FOOTER', text: 'Lumen' },
    { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Thanks' }] },
  ];

  it('is read with its variables once each, in order', () => {
    expect(readTemplate(components, null)).toEqual({
      header: 'Order',
      body: 'Hello {{1}}, {{2}} is on its way. {{1}}',
      footer: 'Lumen',
      buttons: ['Thanks'],
      variables: ['1', '2'],
    });
  });

  it('shows what is filled in and what is not', () => {
    expect(fillTemplate('Hello {{1}}, {{2}}', ['1', '2'], ['Mona', ''])).toBe('Hello Mona, {{2}}');
  });

  it('falls back to the plain text', () => {
    expect(readTemplate('broken', 'Hi').body).toBe('Hi');
  });
});

describe('moments to put something off to', () => {
  it('lie ahead, each once, in order', () => {
    for (const hour of [0, 9, 14, 22, 23]) {
      for (let day = 0; day < 7; day += 1) {
        const now = new Date(2026, 0, 12 + day, hour, 20);
        const moments = snoozeChoices(now).map((choice) => choice.until.getTime());
        expect(moments.every((moment) => moment > now.getTime())).toBe(true);
        expect(new Set(moments).size).toBe(moments.length);
      }
    }
  });

  it('does not offer later today late in the evening', () => {
    expect(snoozeChoices(new Date(2026, 0, 15, 22, 30)).map((choice) => choice.id)).not.toContain('laterToday');
    expect(snoozeChoices(new Date(2026, 0, 15, 10, 30)).map((choice) => choice.id)).toContain('laterToday');
  });
});
