import { describe, expect, test } from 'vitest';
import { event, events, fixtureNames } from './fixtures.ts';

const account = { field: 'phone_number_id', value: '106540352242922' };

describe('every published payload', () => {
  test.each(fixtureNames)('%s gives events that belong to an account and can be told apart', (name) => {
    const all = events(name);
    expect(all.length).toBeGreaterThan(0);
    for (const each of all) {
      expect(each.account).not.toBeNull();
      expect(each.dedupeKey).not.toBe('');
      expect(each.orderingKey).not.toBe('');
    }
    expect(new Set(all.map((each) => each.dedupeKey)).size).toBe(all.length);
  });
});

describe('messages', () => {
  test('a text knows its account, sender, moment and id', () => {
    expect(event('text', 'message')).toMatchObject({
      account,
      externalId: 'wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ01RgA=',
      direction: 'INBOUND',
      origin: 'live',
      timestamp: '2025-06-08T20:59:44.000Z',
      party: { externalId: '16505551234', phone: '+16505551234', name: 'Sheena Nelson', alternateIds: [] },
      thread: { kind: 'direct', externalId: '16505551234' },
      content: { type: 'text', text: 'Does it come in another color?' },
      forwarded: false,
    });
  });

  test('Arabic and emoji arrive as they were written', () => {
    const message = event('text-arabic-emoji', 'message');
    expect(message.content).toEqual({ type: 'text', text: 'مرحبا 👋 هل المتجر مفتوح؟' });
    expect(message.party.name).toBe('منى أحمد');
  });

  test('a quoted message, forwards and an asked-for product are kept', () => {
    expect(event('text-reply', 'message').replyToExternalId).toContain('wamid.HBgLMTQxMjU1NTA4');
    expect(event('text-forwarded', 'message')).toMatchObject({ forwarded: true, forwardedManyTimes: false });
    expect(event('text-forwarded-often', 'message')).toMatchObject({ forwarded: true, forwardedManyTimes: true });
    expect(event('text-product-question', 'message').referredProduct).toEqual({
      catalogId: '194836987003835',
      productId: 'di9ozbzfi4',
    });
  });

  test('the advertisement that led here is kept for attribution', () => {
    expect(event('text-ad-referral', 'message').referral).toMatchObject({
      source: 'ad',
      sourceId: '120226305854810726',
      url: 'https://fb.me/3cr4Wqqkv',
      headline: 'Chat with us',
      mediaType: 'image',
      mediaUrl: 'https://scontent.xx.fbcdn.net/v/t45.1600-4/1.jpg',
      clickId: expect.stringContaining('Aff-n8ZTODiE79d22'),
    });
  });

  test.each([
    ['image', { kind: 'image', mimeType: 'image/jpeg' }, 'Taj Mahal'],
    ['video', { kind: 'video', mimeType: 'video/mp4' }, 'The unboxing'],
    ['audio-voice', { kind: 'audio', mimeType: 'audio/ogg; codecs=opus', voice: true }, undefined],
    ['audio-file', { kind: 'audio', mimeType: 'audio/mpeg', voice: false }, undefined],
    ['document', { kind: 'document', mimeType: 'application/pdf', fileName: 'contract 12.pdf' }, 'Signed'],
    ['sticker', { kind: 'sticker', mimeType: 'image/webp', animated: true }, undefined],
  ])('%s carries the id to fetch it by', (name, media, caption) => {
    const { content } = event(name, 'message');
    expect(content).toMatchObject({
      type: 'media',
      media: { ...media, providerMediaId: expect.stringMatching(/^10033834213872/), sha256: expect.any(String) },
    });
    expect(content.type === 'media' && content.caption).toBe(caption);
  });

  test('a location has its place', () => {
    expect(event('location', 'message').content).toEqual({
      type: 'location',
      latitude: 37.4421524,
      longitude: -122.1614992,
      name: 'Philz Coffee',
      address: '101 Forest Ave, Palo Alto, CA 94301',
      url: 'https://foursquare.com/v/philz',
    });
  });

  test('contact cards are read whole, also from a vCard alone', () => {
    expect(event('contacts', 'message').content).toEqual({
      type: 'contacts',
      contacts: [
        {
          name: 'Barbara J. Johnson',
          firstName: 'Barbara',
          lastName: 'Johnson',
          organization: 'Lucky Shrub',
          title: 'Lead Counsel',
          birthday: '1999-01-23',
          phones: [{ phone: '+1 (940) 555-1234', type: 'WORK', externalId: '19405551234' }],
          emails: [{ email: 'bjohnson@luckyshrub.com', type: 'WORK' }],
          urls: [{ url: 'https://www.luckyshrub.com', type: 'WORK' }],
          addresses: [{ text: '1 Lucky Shrub Way, Menlo Park, CA, 94025, United States', type: 'OFFICE' }],
        },
      ],
    });
    expect(event('contacts-vcard-only', 'message').content).toMatchObject({
      contacts: [{ name: 'Sheena Nelson', phones: [{ phone: '+16505551234' }] }],
    });
  });

  test('a reaction is set and taken back', () => {
    expect(event('reaction', 'message').content).toMatchObject({ type: 'reaction', emoji: '👍' });
    expect(event('reaction-removed', 'message').content).toMatchObject({ type: 'reaction', emoji: null });
  });

  test.each([
    ['interactive-button', { kind: 'button', id: 'cancel-button', title: 'Cancel' }],
    [
      'interactive-list',
      { kind: 'list', id: 'priority_express', title: 'Priority Mail Express', description: 'Next Day to 2 Days' },
    ],
    ['interactive-flow', { kind: 'flow', id: 'AQAAAAACS5FpgQ_cAAAAAD0QI3s.', data: { rating: '4', comment: 'Great' } }],
    ['interactive-address', { kind: 'address', data: { saved_address_id: 'address1', values: { city: 'Mumbai' } } }],
    ['interactive-call-permission', { kind: 'call_permission', id: 'accept' }],
    ['button-quick-reply', { kind: 'quick_reply', id: 'Unsubscribe', title: 'Unsubscribe' }],
  ])('%s is a reply to the message that offered it', (name, reply) => {
    const message = event(name, 'message');
    expect(message.content).toMatchObject({ type: 'reply', reply });
    expect(message.replyToExternalId).toContain('wamid.');
  });

  test('an order has its items', () => {
    expect(event('order', 'message').content).toEqual({
      type: 'order',
      catalogId: '194836987003835',
      text: 'Love these!',
      items: [
        { productId: 'di9ozbzfi4', quantity: 2, price: 30, currency: 'USD' },
        { productId: 'nqryix03ez', quantity: 1, price: 25.5, currency: 'USD' },
      ],
    });
  });

  test('what the API does not pass on keeps its kind and Meta’s reason', () => {
    expect(event('unsupported', 'message').content).toEqual({
      type: 'unsupported',
      providerType: 'poll_creation',
      code: '131051',
      reason: 'Message type unknown: Message type is currently not supported.',
    });
    expect(event('unsupported-unavailable', 'message').content).toMatchObject({ code: '131060' });
    expect(event('interactive-without-content', 'message').content).toMatchObject({
      type: 'unsupported',
      reason: 'Something went wrong: Unsupported webhook payload',
    });
  });

  test('system notices tell who became whom', () => {
    expect(event('system-number-changed', 'message')).toMatchObject({
      party: { externalId: '16505551234' },
      content: {
        type: 'system',
        notice: { event: 'number_changed', newExternalId: '12195555358', newPhone: '+12195555358' },
      },
    });
    expect(event('system-user-id-changed', 'message')).toMatchObject({
      party: { externalId: 'CO.1234567890' },
      content: {
        notice: { event: 'user_id_changed', newExternalId: 'MX.0987654321', previousExternalId: 'CO.1234567890' },
      },
    });
    expect(event('system-identity-changed', 'message').content).toMatchObject({
      notice: { event: 'identity_changed' },
    });
    expect(event('request-welcome', 'message').content).toMatchObject({ notice: { event: 'conversation_opened' } });
  });

  test('a group message belongs to the group and is ordered with it', () => {
    const message = event('group-text', 'message');
    expect(message.thread).toEqual({ kind: 'group', externalId: expect.stringMatching(/^Y2FwaV9/) });
    expect(message.party.externalId).toBe('16505551234');
    expect(message.orderingKey).toContain('Y2FwaV9');
  });

  test('a customer behind a username is known by the user id, without a phone', () => {
    expect(event('username-text', 'message').party).toEqual({
      externalId: 'US.13491208655302741918',
      alternateIds: ['US.ENT.11815799212886844830'],
      name: 'Sheena Nelson',
      username: 'sheena.n',
    });
  });
});

describe('everything that is not a message', () => {
  test('edits and deletions name the message that they change', () => {
    expect(event('edit', 'edit')).toMatchObject({
      targetExternalId: 'wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQz_original=',
      direction: 'INBOUND',
      content: { type: 'text', text: 'Text was edited' },
    });
    expect(event('revoke', 'deletion').targetExternalId).toBe('wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQz_original=');
  });

  test('receipts carry status, recipient, price and our own reference', () => {
    expect(event('status-sent', 'receipt')).toMatchObject({
      externalId: 'wamid.HBgLMTY1MDM4Nzk0MzkVAgARGBI3MTE5MjVBOTE3MDk5QUVFM0YA',
      status: 'SENT',
      timestamp: '2025-06-18T16:22:53.000Z',
      recipient: { externalId: '16505551234', phone: '+16505551234' },
      clientReference: '9f1c2c5e-0000-4000-8000-000000000001',
      conversation: { category: 'utility', expiresAt: '2025-06-19T16:22:53.000Z' },
      pricing: { billable: true, model: 'PMP', type: 'regular', category: 'utility' },
    });
    expect(event('status-delivered', 'receipt').status).toBe('DELIVERED');
    expect(event('status-read', 'receipt').status).toBe('READ');
    expect(event('status-played', 'receipt')).toMatchObject({ status: 'READ', played: true });
  });

  test('a failure is told in words', () => {
    expect(event('status-failed', 'receipt')).toMatchObject({
      status: 'FAILED',
      failure: {
        kind: 'permanent',
        reason: 'marketing_limited',
        code: '131049',
        words: expect.stringContaining('Meta chose'),
      },
    });
    expect(event('status-failed-window', 'receipt').failure).toMatchObject({ reason: 'window_closed', code: '131047' });
  });

  test('a group receipt is one participant’s', () => {
    expect(event('status-group-read', 'receipt')).toMatchObject({
      recipient: { externalId: '16505551234' },
      dedupeKey: expect.stringContaining('16505551234'),
      orderingKey: expect.stringContaining('Y2FwaV9'),
    });
  });

  test('both forms of a marketing click are clicks', () => {
    expect(event('user-action-click', 'click')).toMatchObject({
      account,
      clickId: 'IwAR5DmdASMYVg7svyUmugr9yxZ8DGERlUF',
      trackingToken: 'AI@AQJqgqfnGpRlSAubAblOEKTzbNnGt1',
      component: 'cta',
    });
    expect(event('template-click', 'click')).toMatchObject({
      party: { externalId: '919876543210' },
      url: 'https://example.com',
      templateName: 'marketing_link',
      timestamp: '2023-11-14T22:13:19.999Z',
    });
  });

  test('a message written on the phone is outbound, to the customer', () => {
    expect(event('echo', 'message')).toMatchObject({
      direction: 'OUTBOUND',
      origin: 'live',
      party: { externalId: '16505551234' },
      content: { type: 'text' },
    });
  });

  test('history is old, in both directions, with the state that it had', () => {
    const [ours, theirs, file] = events('history');
    expect(ours).toMatchObject({
      type: 'message',
      direction: 'OUTBOUND',
      origin: 'history',
      status: 'READ',
      party: { externalId: '16505551234' },
    });
    expect(theirs).toMatchObject({
      type: 'message',
      direction: 'INBOUND',
      origin: 'history',
      content: { text: 'Thanks!' },
    });
    expect(file).toMatchObject({ content: { type: 'unsupported', providerType: 'media_placeholder' } });
    expect(event('history-declined', 'account').words).toContain('turned off');
  });

  test('consent and address book changes name the person', () => {
    expect(event('marketing-stopped', 'consent')).toMatchObject({
      party: { externalId: '16505551234', name: 'Sheena Nelson' },
      category: 'marketing_messages',
      value: 'stop',
    });
    expect(event('address-book', 'contact')).toMatchObject({
      action: 'saved',
      party: { externalId: '16505551234', phone: '+16505551234', name: 'Pablo Morales' },
    });
  });

  test('changes of templates, number and account are told in one sentence', () => {
    const waba = { field: 'waba_id', value: '102290129340398' };
    expect(event('template-approved', 'account')).toMatchObject({
      account: waba,
      timestamp: '2025-06-30T01:39:08.000Z',
      update: {
        subject: 'template',
        aspect: 'status',
        name: 'order_confirmation',
        language: 'en-US',
        value: 'APPROVED',
      },
      words: 'Template order_confirmation (en-US): status is now APPROVED.',
    });
    expect(event('template-rejected', 'account').words).toContain('reason INVALID_FORMAT');
    expect(event('template-quality', 'account').update).toMatchObject({
      aspect: 'quality',
      value: 'YELLOW',
      previous: 'GREEN',
    });
    expect(event('template-category', 'account').update).toMatchObject({ aspect: 'category', value: 'MARKETING' });
    expect(event('phone-quality', 'account').update).toMatchObject({
      subject: 'sender',
      value: 'UPGRADE',
      previous: 'TIER_1K',
      reason: 'TIER_10K',
    });
    expect(event('phone-name', 'account').update).toMatchObject({
      aspect: 'name',
      value: 'REJECTED',
      reason: 'NAME_EMPLOYEE_RELATED',
    });
    expect(event('account-violation', 'account').update).toMatchObject({ value: 'ACCOUNT_VIOLATION', reason: 'ADULT' });
    expect(event('account-review', 'account').update).toMatchObject({ aspect: 'review', value: 'APPROVED' });
    expect(event('capability', 'account').update).toMatchObject({ aspect: 'messaging_limit', value: '10000' });
    expect(event('value-error', 'account').update).toMatchObject({
      subject: 'error',
      failure: { kind: 'rate_limited' },
    });
  });

  test('a field that is not read, and an empty one, are kept as unsupported', () => {
    expect(event('call', 'unsupported')).toMatchObject({
      account,
      providerType: 'calls',
      raw: { calls: [{ id: 'wacid.HBgLMTY=' }] },
    });
    expect(event('no-messages', 'unsupported').reason).toContain('no message');
  });
});
