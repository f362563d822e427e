import { createHmac } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createGraphSimulator, type GraphSimulatorOptions } from '../index.ts';
import { objectIn } from '../json.ts';
import type { WebhookRequestOut } from '../webhooks.ts';

const waId = '16505551234';

async function start(options: GraphSimulatorOptions = {}) {
  const posted: WebhookRequestOut[] = [];
  let answer = 200;
  const sim = createGraphSimulator({
    startAt: new Date('2026-11-20T10:00:00Z'),
    deliver: async (request) => {
      posted.push(request);
      return answer;
    },
    ...options,
  });
  onTestFinished(() => sim.close());
  await sim.subscribe({ callbackUrl: 'http://127.0.0.1/hook', verifyToken: 'v', handshake: false });
  const base = `${await sim.listen()}/v22.0`;
  const call = async (path: string, body?: unknown, token: string | null = sim.account.accessToken) => {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token !== null) headers.authorization = `Bearer ${token}`;
    const init =
      body === undefined
        ? { headers }
        : { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(`${base}${path}`, init);
    return { status: response.status, body: await response.json() };
  };
  const send = (fields: Record<string, unknown>) =>
    call(`/${sim.account.number.id}/messages`, { messaging_product: 'whatsapp', to: waId, ...fields });
  return { sim, posted, call, send, base, refuse: (status: number) => (answer = status) };
}

/** Words of the statuses that were posted. */
function words(posted: readonly WebhookRequestOut[]): string[] {
  return posted.flatMap((request) => [...request.body.matchAll(/"status":"(\w+)"/g)].map((match) => match[1] ?? ''));
}

describe('errors come in Meta’s envelope', () => {
  test.each([
    ['no token', null, 400, { code: 104, type: 'OAuthException' }],
    ['an unknown token', 'EAAGnope', 401, { code: 190 }],
  ])('%s', async (_name, token, status, error) => {
    const { call } = await start();
    expect(await call('/me', undefined, token)).toMatchObject({
      status,
      body: { error: { ...error, message: expect.any(String), fbtrace_id: expect.any(String) } },
    });
  });

  test.each([
    ['an expired token', 'expired', { code: 190, error_subcode: 463 }],
    ['a revoked token', 'revoked', { code: 190, error_subcode: 458 }],
  ] as const)('%s', async (_name, state, error) => {
    const { sim, call } = await start();
    sim.setToken(state);
    expect(await call('/me')).toMatchObject({ status: 401, body: { error } });
  });

  test('an object that is not there, and a path that is none', async () => {
    const { call, base } = await start();
    expect(await call('/123456')).toMatchObject({
      status: 400,
      body: { error: { code: 100, error_subcode: 33, type: 'GraphMethodException' } },
    });
    expect(await (await fetch(`${base}/a/b/c`)).json()).toMatchObject({ error: { code: 2500 } });
  });

  test.each([
    [
      'no messaging_product',
      { messaging_product: undefined },
      { code: 100, message: '(#100) The parameter messaging_product is required.' },
    ],
    [
      'no recipient',
      { to: undefined, type: 'text', text: { body: 'x' } },
      { code: 100, message: '(#100) The parameter to is required.' },
    ],
    ['a type that is none', { type: 'poll' }, { code: 100 }],
    ['no text', { type: 'text', text: {} }, { code: 100, message: "(#100) The parameter text['body'] is required." }],
    ['too long a text', { type: 'text', text: { body: 'x'.repeat(4097) } }, { code: 100 }],
    ['a file that was not uploaded', { type: 'image', image: { id: '1' } }, { code: 131009 }],
    [
      'a caption on a sound',
      { type: 'audio', audio: { link: 'https://a.example/1.ogg', caption: 'x' } },
      { code: 131009 },
    ],
    ['itself as recipient', { to: '15550783881', type: 'text', text: { body: 'x' } }, { code: 131021 }],
    ['a card without a name', { type: 'contacts', contacts: [{}] }, { code: 100 }],
    ['a reaction to nothing', { type: 'reaction', reaction: { message_id: 'wamid.X', emoji: 'x' } }, { code: 131009 }],
    [
      'an 11th row',
      {
        type: 'interactive',
        interactive: {
          type: 'list',
          body: { text: 'b' },
          action: {
            button: 'b',
            sections: [{ rows: Array.from({ length: 11 }, (_, id) => ({ id: `${id}`, title: 't' })) }],
          },
        },
      },
      { code: 131009 },
    ],
    [
      'two buttons with one id',
      {
        type: 'interactive',
        interactive: {
          type: 'button',
          body: { text: 'b' },
          action: { buttons: ['a', 'b'].map((title) => ({ type: 'reply', reply: { id: 'same', title } })) },
        },
      },
      { code: 131009 },
    ],
    [
      'a template that is none',
      { type: 'template', template: { name: 'x', language: { code: 'en' } } },
      { code: 132001 },
    ],
  ])('%s', async (_name, fields, error) => {
    const { send } = await start();
    expect((await send(fields)).body).toMatchObject({ error });
  });

  test('a body that is no JSON is one without parameters', async () => {
    const { sim, call } = await start();
    expect(await call(`/${sim.account.number.id}/messages`, '{"messaging')).toMatchObject({
      status: 400,
      body: { error: { code: 100 } },
    });
  });
});

describe('webhooks', () => {
  test('are signed over bytes that do not survive being parsed and written again', async () => {
    const { sim, posted } = await start();
    await sim.customer({ waId, name: 'منى' }).sendText('https://a.example/é');
    const [request] = posted;
    const body = request?.body ?? '';
    expect(request?.headers['x-hub-signature-256']).toBe(
      `sha256=${createHmac('sha256', sim.appSecret).update(body).digest('hex')}`,
    );
    expect(body).toContain('\\u0645\\u0646\\u0649');
    expect(body).toContain('https:\\/\\/a.example\\/\\u00e9');
    expect(JSON.stringify(JSON.parse(body))).not.toBe(body);
  });

  test('that are not taken come again after growing pauses', async () => {
    const { sim, posted, refuse } = await start();
    refuse(500);
    await sim.customer({ waId }).sendText('hi');
    await sim.advance(5_000);
    refuse(200);
    await sim.advance(30_000);
    await sim.settle();
    expect(posted).toHaveLength(3);
    expect(new Set(posted.map((request) => request.body)).size).toBe(1);
    expect(sim.webhooks.deliveries.map((delivery) => [delivery.attempt, delivery.status])).toEqual([
      [1, 500],
      [2, 500],
      [3, 200],
    ]);
  });

  test('can be held back and released in another order', async () => {
    const { sim, posted } = await start();
    const customer = sim.customer({ waId });
    sim.webhooks.hold();
    await customer.sendText('one');
    await customer.sendText('two');
    expect(posted).toEqual([]);
    await sim.webhooks.release((held) => held.toReversed());
    expect(posted.map((request) => /"body":"(\w+)"/.exec(request.body)?.[1])).toEqual(['two', 'one']);
  });
});

describe('time', () => {
  test('stands still until it is moved', async () => {
    const { sim, send, posted } = await start();
    await sim.customer({ waId }).sendText('hi');
    await send({ type: 'text', text: { body: 'x' } });
    await sim.advance(199);
    expect(words(posted)).toEqual([]);
    await sim.advance(1);
    expect(words(posted)).toEqual(['sent']);
    await sim.settle();
    expect(words(posted)).toEqual(['sent', 'delivered']);
    expect(sim.now()).toBe(Date.parse('2026-11-20T10:00:00.600Z'));
  });

  test('runs by itself in automatic mode', async () => {
    const done = Promise.withResolvers<void>();
    const seen: string[] = [];
    const { sim, send } = await start({
      mode: 'automatic',
      timing: { sentMs: 1, deliveredMs: 2, readMs: 3 },
      deliver: async ({ body }) => {
        seen.push(...words([{ url: '', headers: {}, body }]));
        if (seen.includes('read')) done.resolve();
        return 200;
      },
    });
    await sim.customer({ waId }).sendText('hi');
    await send({ type: 'text', text: { body: 'x' } });
    await done.promise;
    expect(seen).toEqual(['sent', 'delivered', 'read']);
  });

  test('that runs by itself does not forbid what was said before a restart', async () => {
    const { sim, call } = await start({ mode: 'automatic' });
    const read = { messaging_product: 'whatsapp', status: 'read', message_id: 'wamid.EARLIER' };
    expect(await call(`/${sim.account.number.id}/messages`, read)).toEqual({ status: 200, body: { success: true } });
    const strict = await start();
    expect((await strict.call(`/${strict.sim.account.number.id}/messages`, read)).body).toMatchObject({
      error: { code: 100 },
    });
  });

  test('closes the window after 24 hours without a word of the customer', async () => {
    const { sim, send, posted } = await start();
    const customer = sim.customer({ waId });
    await send({ type: 'text', text: { body: 'never wrote' } });
    await customer.sendText('hi');
    await sim.advance(24 * 60 * 60 * 1000 - 1);
    await send({ type: 'text', text: { body: 'just in time' } });
    await sim.advance(1);
    await send({ type: 'text', text: { body: 'too late' } });
    await sim.settle();
    expect(words(posted)).toEqual(['failed', 'sent', 'failed', 'delivered']);
  });

  test('ends the address of a file after five minutes', async () => {
    const { sim, base } = await start();
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('file', new Blob(['hello'], { type: 'text/plain' }), 'a.txt');
    const headers = { authorization: `Bearer ${sim.account.accessToken}` };
    const upload = { method: 'POST', headers, body: form };
    const uploaded = objectIn(await (await fetch(`${base}/${sim.account.number.id}/media`, upload)).json());
    const described = objectIn(await (await fetch(`${base}/${uploaded.id}`, { headers })).json());
    expect(described).toMatchObject({
      messaging_product: 'whatsapp',
      mime_type: 'text/plain',
      file_size: 5,
      id: uploaded.id,
    });
    const url = String(described.url);
    expect(await (await fetch(url, { headers })).text()).toBe('hello');
    expect((await fetch(url)).status).toBe(400);
    expect((await fetch(url.replace(/hash=./, 'hash=!'), { headers })).status).toBe(404);
    await sim.advance(5 * 60 * 1000 + 1000);
    expect((await fetch(url, { headers })).status).toBe(404);
  });
});

describe('the product can embed it', () => {
  test('and reach it without a port', async () => {
    const { sim } = await start();
    const headers = { authorization: `Bearer ${sim.account.accessToken}` };
    const answer = await sim.transport('http://graph.sandbox/v22.0/me?fields=name', { method: 'GET', headers });
    expect([answer.status, JSON.parse(await answer.text())]).toEqual([
      200,
      { name: 'ConnectGain system user', id: expect.any(String) },
    ]);
  });

  test('with several accounts that do not see each other', async () => {
    const { sim, call } = await start();
    const other = sim.addAccount({ displayNumber: '201271111373', name: 'Second' });
    expect((await call(`/${other.number.id}`)).body).toMatchObject({ error: { error_subcode: 33 } });
    expect((await call(`/${other.number.id}`, undefined, other.accessToken)).body).toMatchObject({
      verified_name: 'Second',
    });
  });

  test('and see every call that was made', async () => {
    const { sim, send } = await start();
    await send({ type: 'text', text: { body: 'x' }, biz_opaque_callback_data: 'ref' });
    expect(sim.calls).toMatchObject([
      { method: 'POST', path: `/v22.0/${sim.account.number.id}/messages`, body: { biz_opaque_callback_data: 'ref' } },
    ]);
    expect(sim.sent()).toMatchObject([{ waId, reference: 'ref', state: 'accepted' }]);
  });
});

test('a template is submitted, approved and then may be sent', async () => {
  const { sim, call, send, posted } = await start();
  const template = {
    name: 'spring',
    language: 'en',
    category: 'MARKETING',
    components: [{ type: 'BODY', text: 'Spring, {{1}}!' }],
  };
  expect((await call(`/${sim.account.waba.id}/message_templates`, template)).body).toMatchObject({ status: 'PENDING' });
  const message = {
    type: 'template',
    template: {
      name: 'spring',
      language: { code: 'en' },
      components: [{ type: 'body', parameters: [{ type: 'text', text: 'Mona' }] }],
    },
  };
  expect((await send(message)).body).toMatchObject({ error: { code: 132001 } });
  await sim.setTemplateStatus('spring', 'en', 'APPROVED');
  expect(posted.at(-1)?.body).toContain('"event":"APPROVED"');
  expect((await send(message)).body).toMatchObject({ messages: [{ message_status: 'accepted' }] });
});
