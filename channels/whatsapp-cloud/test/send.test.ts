import { describe, expect, test } from 'vitest';
import type { OutboundContent } from '../../outbound.ts';
import { whatsappCloud } from '../index.ts';
import { customerId, failureOf, http, png, startBench } from './simulated.ts';

/** What the simulator was asked last. */
function lastBody(calls: readonly { path: string; body: Record<string, unknown> | undefined }[]) {
  return calls.filter((call) => call.path.endsWith('/messages')).at(-1)?.body;
}

const link = { kind: 'image', source: { type: 'url', url: 'https://shop.example/1.png' } } as const;

const contents: [name: string, content: OutboundContent, wire: Record<string, unknown>][] = [
  ['text', { type: 'text', text: 'Hello' }, { type: 'text', text: { body: 'Hello', preview_url: false } }],
  [
    'text with a link',
    { type: 'text', text: 'See https://a.example' },
    { text: { body: 'See https://a.example', preview_url: true } },
  ],
  [
    'image by address',
    { type: 'media', media: link, caption: 'One' },
    { type: 'image', image: { link: 'https://shop.example/1.png', caption: 'One' } },
  ],
  [
    'image by bytes',
    { type: 'media', media: { kind: 'image', source: { type: 'bytes', bytes: png }, mimeType: 'image/png' } },
    { type: 'image', image: { id: expect.stringMatching(/^\d+$/) } },
  ],
  [
    'document with its name',
    {
      type: 'media',
      media: {
        kind: 'document',
        source: { type: 'bytes', bytes: png },
        mimeType: 'application/pdf',
        fileName: 'عقد "1".pdf',
      },
    },
    { document: { id: expect.any(String), filename: 'عقد "1".pdf' } },
  ],
  [
    'voice message',
    {
      type: 'media',
      media: { kind: 'audio', source: { type: 'bytes', bytes: png }, mimeType: 'audio/ogg; codecs=opus', voice: true },
    },
    { audio: { id: expect.any(String), voice: true } },
  ],
  [
    'sticker',
    { type: 'media', media: { kind: 'sticker', source: { type: 'bytes', bytes: png }, mimeType: 'image/webp' } },
    { type: 'sticker' },
  ],
  [
    'video',
    { type: 'media', media: { kind: 'video', source: { type: 'url', url: 'https://shop.example/1.mp4' } } },
    { type: 'video' },
  ],
  [
    'reply buttons',
    {
      type: 'buttons',
      body: 'Which?',
      header: { type: 'media', media: link },
      footer: 'Shop',
      buttons: [
        { id: 'a', title: 'Red' },
        { id: 'b', title: 'Blue' },
      ],
    },
    {
      interactive: {
        type: 'button',
        header: { type: 'image', image: { link: 'https://shop.example/1.png' } },
        body: { text: 'Which?' },
        footer: { text: 'Shop' },
        action: {
          buttons: [
            { type: 'reply', reply: { id: 'a', title: 'Red' } },
            { type: 'reply', reply: { id: 'b', title: 'Blue' } },
          ],
        },
      },
    },
  ],
  [
    'list',
    {
      type: 'list',
      body: 'Pick',
      button: 'Options',
      sections: [{ title: 'All', rows: [{ id: '1', title: 'One', description: 'First' }] }],
    },
    {
      interactive: {
        type: 'list',
        body: { text: 'Pick' },
        action: {
          button: 'Options',
          sections: [{ title: 'All', rows: [{ id: '1', title: 'One', description: 'First' }] }],
        },
      },
    },
  ],
  [
    'link button',
    { type: 'link_button', body: 'Dates', title: 'See dates', url: 'https://a.example/dates' },
    {
      interactive: {
        type: 'cta_url',
        body: { text: 'Dates' },
        action: { name: 'cta_url', parameters: { display_text: 'See dates', url: 'https://a.example/dates' } },
      },
    },
  ],
  [
    'product',
    { type: 'product', catalogId: '1', productId: 'sku', body: 'This one' },
    {
      interactive: {
        type: 'product',
        body: { text: 'This one' },
        action: { catalog_id: '1', product_retailer_id: 'sku' },
      },
    },
  ],
  [
    'product list',
    {
      type: 'product_list',
      catalogId: '1',
      header: 'New',
      body: 'Look',
      sections: [{ title: 'Hats', productIds: ['a', 'b'] }],
    },
    {
      interactive: {
        type: 'product_list',
        header: { type: 'text', text: 'New' },
        body: { text: 'Look' },
        action: {
          catalog_id: '1',
          sections: [{ title: 'Hats', product_items: [{ product_retailer_id: 'a' }, { product_retailer_id: 'b' }] }],
        },
      },
    },
  ],
  [
    'catalogue',
    { type: 'catalog', body: 'All of it', thumbnailProductId: 'sku' },
    {
      interactive: {
        type: 'catalog_message',
        body: { text: 'All of it' },
        action: { name: 'catalog_message', parameters: { thumbnail_product_retailer_id: 'sku' } },
      },
    },
  ],
  [
    'form',
    {
      type: 'flow',
      flow: { id: '123' },
      token: 't',
      title: 'Book',
      body: 'Choose a day',
      start: { screen: 'DAY', data: { a: 1 } },
    },
    {
      interactive: {
        type: 'flow',
        body: { text: 'Choose a day' },
        action: {
          name: 'flow',
          parameters: {
            flow_message_version: '3',
            flow_token: 't',
            flow_id: '123',
            flow_cta: 'Book',
            flow_action: 'navigate',
            flow_action_payload: { screen: 'DAY', data: { a: 1 } },
          },
        },
      },
    },
  ],
  [
    'location request',
    { type: 'location_request', body: 'Where?' },
    { interactive: { type: 'location_request_message', body: { text: 'Where?' }, action: { name: 'send_location' } } },
  ],
  [
    'location',
    { type: 'location', latitude: 30.04, longitude: 31.23, name: 'Cairo' },
    { location: { latitude: '30.04', longitude: '31.23', name: 'Cairo' } },
  ],
  [
    'contact card',
    {
      type: 'contacts',
      contacts: [
        { name: 'Mona', phones: [{ phone: '+201001383533', type: 'CELL' }], emails: [], urls: [], addresses: [] },
      ],
    },
    {
      contacts: [
        { name: { formatted_name: 'Mona', first_name: 'Mona' }, phones: [{ phone: '+201001383533', type: 'CELL' }] },
      ],
    },
  ],
];

describe('sending', () => {
  test.each(contents)('%s reaches the customer in Meta’s form', async (_name, content, wire) => {
    const { sim, send } = await startBench();
    await sim.customer({ waId: customerId }).sendText('hi');
    const result = await send(content, { clientReference: 'message-1' });
    expect(result).toEqual({
      externalId: expect.stringMatching(/^wamid\./),
      partIds: [],
      state: 'accepted',
      recipientExternalId: customerId,
    });
    expect(lastBody(sim.calls)).toMatchObject({
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: customerId,
      biz_opaque_callback_data: 'message-1',
      ...wire,
    });
    expect(sim.sent()).toMatchObject([{ id: result.externalId, state: 'accepted', reference: 'message-1' }]);
  });

  test('a quote and a reaction name the message they belong to', async () => {
    const { sim, send } = await startBench();
    const id = await sim.customer({ waId: customerId }).sendText('hi');
    await send({ type: 'text', text: 'Answer' }, { replyToExternalId: id });
    expect(lastBody(sim.calls)).toMatchObject({ context: { message_id: id } });
    await send({ type: 'reaction', targetExternalId: id, emoji: '👍' });
    expect(lastBody(sim.calls)).toMatchObject({ type: 'reaction', reaction: { message_id: id, emoji: '👍' } });
    await send({ type: 'reaction', targetExternalId: id, emoji: null }, { replyToExternalId: id });
    expect(lastBody(sim.calls)).toMatchObject({ reaction: { message_id: id, emoji: '' } });
    expect(lastBody(sim.calls)).not.toHaveProperty('context');
  });

  test.each([
    ['+1 (650) 555-1234', { to: customerId }],
    ['16505551234@s.whatsapp.net', { to: customerId }],
  ])('the recipient %s is addressed as Meta wants it', async (externalId, wire) => {
    const { sim, account } = await startBench();
    await sim.customer({ waId: customerId }).sendText('hi');
    await whatsappCloud.send(account, { to: { externalId }, content: { type: 'text', text: 'x' } }, http);
    expect(lastBody(sim.calls)).toMatchObject(wire);
  });

  test('a customer behind a username is addressed by the user id', async () => {
    const { sim, account } = await startBench();
    const customer = sim.customer({ waId: customerId, username: 'sheena', hidesNumber: true });
    await customer.sendText('hi');
    const to = { externalId: customer.person.userId };
    const result = await whatsappCloud.send(account, { to, content: { type: 'text', text: 'x' } }, http);
    expect(lastBody(sim.calls)).toMatchObject({ recipient: customer.person.userId });
    expect(lastBody(sim.calls)).not.toHaveProperty('to');
    expect(result.recipientExternalId).toBe(customer.person.userId);
  });

  test.each([
    ['an empty text', { type: 'text', text: '  ' }, 'empty'],
    ['a text of 4097 characters', { type: 'text', text: 'x'.repeat(4097) }, '4097 characters'],
    [
      'four buttons',
      { type: 'buttons', body: 'b', buttons: ['1', '2', '3', '4'].map((id) => ({ id, title: id })) },
      '4 buttons',
    ],
    [
      'a GIF',
      { type: 'media', media: { kind: 'image', source: { type: 'bytes', bytes: png }, mimeType: 'image/gif' } },
      'image/gif',
    ],
    [
      'a caption on a voice message',
      {
        type: 'media',
        media: { kind: 'audio', source: { type: 'url', url: 'https://a.example/1.ogg' } },
        caption: 'x',
      },
      'caption',
    ],
    ['a place off the map', { type: 'location', latitude: 91, longitude: 0 }, 'coordinates'],
    ['a poll', { type: 'poll', question: 'q', options: ['a', 'b'] }, 'polls'],
  ] satisfies [string, OutboundContent, string][])(
    '%s is refused before anything is sent',
    async (_name, content, words) => {
      const { sim, send } = await startBench();
      const failure = await failureOf(send(content));
      expect(failure).toMatchObject({
        kind: 'permanent',
        reason: 'message_invalid',
        words: expect.stringContaining(words),
      });
      expect(sim.calls).toEqual([]);
    },
  );

  test('a recipient without a number is refused with what to do', async () => {
    const { account } = await startBench();
    const failure = await failureOf(
      whatsappCloud.send(account, { to: { externalId: 'Mona' }, content: { type: 'text', text: 'x' } }, http),
    );
    expect(failure).toMatchObject({ kind: 'permanent', words: expect.stringContaining('international form') });
  });

  test.each([
    ['access_token', { secrets: {} }, 'Access Token'],
    ['phone_number_id', { settings: {} }, 'Phone Number ID'],
    ['a phone_number_id that is a path', { settings: { phone_number_id: '../me' } }, 'digits only'],
  ])('an account without %s says which field to fill in', async (_name, change, words) => {
    const { account } = await startBench();
    const broken = { ...account, ...change };
    const failure = await failureOf(
      whatsappCloud.send(broken, { to: { externalId: customerId }, content: { type: 'text', text: 'x' } }, http),
    );
    expect(failure).toMatchObject({
      kind: 'auth',
      reason: 'account_misconfigured',
      words: expect.stringContaining(words),
    });
  });
});

describe('templates', () => {
  const orderUpdate = (count: number): OutboundContent => ({
    type: 'template',
    name: 'order_update',
    language: 'en',
    components: [
      { type: 'body', parameters: Array.from({ length: count }, (_, index) => ({ type: 'text', text: `v${index}` })) },
      { type: 'button', subType: 'url', index: 0, parameters: [{ type: 'text', text: '1042' }] },
    ],
  });

  test('go out without any window, with every kind of parameter', async () => {
    const { sim, send } = await startBench();
    await send(orderUpdate(2));
    expect(lastBody(sim.calls)).toMatchObject({
      template: {
        name: 'order_update',
        language: { code: 'en' },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'v0' },
              { type: 'text', text: 'v1' },
            ],
          },
          { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: '1042' }] },
        ],
      },
    });
    await send({
      type: 'template',
      name: 'season_sale',
      language: 'en',
      components: [
        {
          type: 'header',
          parameters: [
            { type: 'media', media: { kind: 'image', source: { type: 'bytes', bytes: png }, mimeType: 'image/png' } },
          ],
        },
        { type: 'body', parameters: [{ type: 'currency', fallback: '$10', code: 'USD', amount1000: 10_000 }] },
        { type: 'button', subType: 'quick_reply', index: 0, parameters: [{ type: 'payload', payload: 'show' }] },
      ],
    });
    await send({
      type: 'template',
      name: 'appointment_reminder',
      language: 'en',
      components: [
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'Mona', name: 'first_name' },
            { type: 'date_time', fallback: 'Monday', name: 'day' },
          ],
        },
      ],
    });
    await send({ type: 'template', name: 'hello_world', language: 'en_US', components: [] });
    expect(sim.sent().map((message) => message.category)).toEqual(['utility', 'marketing', 'utility', 'utility']);
  });

  test.each([
    ['a missing variable', orderUpdate(1), { code: '132000', reason: 'template_parameters' }],
    [
      'an unknown name',
      { type: 'template', name: 'nothing', language: 'en', components: [] },
      { code: '132001', reason: 'template_missing' },
    ],
    [
      'another language',
      { type: 'template', name: 'hello_world', language: 'ar', components: [] },
      { code: '132001', reason: 'template_missing' },
    ],
    [
      'one in review',
      { type: 'template', name: 'new_offer', language: 'en', components: [] },
      { code: '132001', reason: 'template_missing' },
    ],
    [
      'a paused one',
      { type: 'template', name: 'old_offer', language: 'en', components: [] },
      { code: '132015', reason: 'template_paused' },
    ],
  ] satisfies [string, OutboundContent, object][])('are refused for good with %s', async (_name, content, failure) => {
    const { send } = await startBench();
    expect(await failureOf(send(content))).toMatchObject({ kind: 'permanent', ...failure });
  });

  test('are listed over all pages', async () => {
    const components = [{ type: 'BODY', text: 'Hello' }];
    const many = Array.from({ length: 250 }, (_, index) => ({ name: `t_${index}`, components }));
    const { account } = await startBench({ account: { templates: many } });
    const templates = await whatsappCloud.listTemplates?.(account, http);
    expect(templates).toHaveLength(250);
    expect(templates?.at(-1)).toEqual({
      id: expect.any(String),
      name: 't_249',
      language: 'en',
      status: 'APPROVED',
      category: 'UTILITY',
      components,
      qualityScore: 'UNKNOWN',
      parameterFormat: 'POSITIONAL',
    });
  });
});
