import Fastify from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { InboundEvent } from '../../inbound.ts';
import { movesForward, type OutboundStatus } from '../../receipts.ts';
import { whatsappCloud } from '../index.ts';
import { customerId, http, png, startBench } from './simulated.ts';

/** A receiver as the product's webhook route is: handshake, signature over raw bytes, then the parts. */
async function startReceiver(signing: string[]) {
  const events: InboundEvent[] = [];
  const keys: string[] = [];
  const refused: string[] = [];
  const app = Fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const secrets = { signing, verifyTokens: ['cg_verify'] };
  app.get<{ Querystring: Record<string, string> }>('/hook', async (request, reply) => {
    const answer = whatsappCloud.handshake?.(request.query, secrets);
    return answer?.ok ? reply.type('text/plain').send(answer.body) : reply.code(403).send(answer?.words);
  });
  app.post<{ Body: Buffer; Querystring: Record<string, string> }>('/hook', async (request, reply) => {
    const verdict = whatsappCloud.verifyWebhook?.(
      { rawBody: request.body, headers: request.headers, query: request.query },
      secrets,
    );
    if (!verdict?.ok) {
      refused.push(verdict?.reason ?? '');
      return reply.code(401).send();
    }
    for (const part of whatsappCloud.splitWebhook?.(request.body) ?? []) {
      if (keys.includes(part.dedupeKey)) continue;
      keys.push(part.dedupeKey);
      events.push(...(whatsappCloud.parseWebhook?.(part.payload) ?? []));
    }
    return { status: 'ok' };
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => app.close());
  return { events, keys, refused, callbackUrl: `${url}/hook` };
}

async function connect(options: Parameters<typeof startBench>[0] = {}) {
  const bench = await startBench({ startAt: new Date('2026-11-20T10:00:00Z'), ...options });
  const receiver = await startReceiver([bench.sim.appSecret]);
  await bench.sim.subscribe({ callbackUrl: receiver.callbackUrl, verifyToken: 'cg_verify' });
  return { ...bench, receiver, customer: bench.sim.customer({ waId: customerId, name: 'Sheena Nelson' }) };
}

function statuses(events: readonly InboundEvent[]): OutboundStatus[] {
  return events.flatMap((event) => (event.type === 'receipt' ? [event.status] : []));
}

describe('a conversation over real HTTP', () => {
  test('goes in, is answered, and the answer is delivered and read', async () => {
    const { sim, send, receiver, customer } = await connect();
    await customer.sendText('Is it open today? é 😀');
    expect(receiver.events).toMatchObject([
      { type: 'message', content: { text: 'Is it open today? é 😀' }, party: { name: 'Sheena Nelson' } },
    ]);

    const sent = await send({ type: 'text', text: 'Until ten.' }, { clientReference: 'message-1' });
    await sim.advance(1000);
    await customer.read();
    expect(statuses(receiver.events)).toEqual(['SENT', 'DELIVERED', 'READ']);
    expect(receiver.events.slice(1)).toMatchObject(
      [1, 2, 3].map(() => ({ externalId: sent.externalId, clientReference: 'message-1' })),
    );
    expect(receiver.refused).toEqual([]);
  });

  test('every kind of message that a customer can send is read', async () => {
    const { sim, send, receiver, customer } = await connect();
    const file = { bytes: png, mimeType: 'image/png' };
    const first = await customer.sendText('hi', {
      referral: { source_url: 'https://fb.me/x', source_type: 'ad', ctwa_clid: 'c' },
    });
    const offered = await send({ type: 'buttons', body: 'b', buttons: [{ id: 'yes', title: 'Yes' }] });
    await customer.sendImage({ ...file, caption: 'c' });
    await customer.sendVideo({ bytes: png, mimeType: 'video/mp4' });
    await customer.sendAudio({ bytes: png, mimeType: 'audio/ogg; codecs=opus', voice: true });
    await customer.sendDocument({ bytes: png, mimeType: 'application/pdf', fileName: 'a.pdf' });
    await customer.sendSticker({ bytes: png, mimeType: 'image/webp', animated: true });
    await customer.sendLocation({ latitude: 30.04, longitude: 31.23, name: 'Cairo' });
    await customer.sendContacts([{ name: { formatted_name: 'Omar' }, phones: [{ phone: '+201001383533' }] }]);
    await customer.sendReaction(offered.externalId, '❤️');
    await customer.sendReaction(offered.externalId, null);
    await customer.sendButtonReply(offered.externalId, { id: 'yes', title: 'Yes' });
    await customer.sendListReply(offered.externalId, { id: 'row', title: 'Row', description: 'd' });
    await customer.sendQuickReply(offered.externalId, { text: 'Stop', payload: 'STOP' });
    await customer.sendFlowReply(offered.externalId, { flow_token: 't', day: 'Monday' });
    await customer.sendOrder({
      catalog_id: '1',
      product_items: [{ product_retailer_id: 'a', quantity: 1, item_price: 2, currency: 'EGP' }],
    });
    await customer.sendUnsupported('poll_creation');
    await customer.editText(first, 'hello');
    await customer.deleteMessage(first);
    await customer.changeNumber('16505559999');
    await customer.clickLink();
    await customer.setMarketing('stop');
    await sim.echo(customerId, { type: 'text', text: { body: 'from the phone' } });
    await sim.setTemplateStatus('new_offer', 'en', 'APPROVED');
    await sim.setQuality('FLAGGED', 'TIER_1K');

    const said = receiver.events.map((event) => (event.type === 'message' ? event.content.type : event.type));
    expect(said).toEqual([
      'text',
      ...['media', 'media', 'media', 'media', 'media'],
      ...['location', 'contacts', 'reaction', 'reaction'],
      ...['reply', 'reply', 'reply', 'reply', 'order', 'unsupported'],
      ...['edit', 'deletion', 'system', 'click', 'consent', 'text', 'account', 'account'],
    ]);
    expect(receiver.events.filter((event) => event.type === 'unsupported')).toEqual([]);
    expect(receiver.refused).toEqual([]);
  });

  test('a file comes back byte for byte', async () => {
    const { account, receiver, customer } = await connect();
    await customer.sendDocument({ bytes: png, mimeType: 'application/pdf', fileName: 'عقد.pdf', caption: 'c' });
    const [event] = receiver.events;
    if (event?.type !== 'message' || event.content.type !== 'media') throw new Error('No file arrived.');
    const file = await whatsappCloud.fetchMedia?.(account, event.content.media, http);
    expect([...(file?.bytes ?? [])]).toEqual([...png]);
    expect(event.content.media).toMatchObject({ fileName: 'عقد.pdf' });
  });

  test('outside 24 hours a free message is accepted and fails later, a template arrives', async () => {
    const { sim, send, receiver, customer } = await connect();
    await customer.sendText('hi');
    await sim.advance(24 * 60 * 60 * 1000);
    await send({ type: 'text', text: 'Still there?' });
    await send({ type: 'template', name: 'hello_world', language: 'en_US', components: [] });
    await sim.settle();
    expect(receiver.events.filter((event) => event.type === 'receipt')).toMatchObject([
      { status: 'FAILED', failure: { reason: 'window_closed' } },
      { status: 'SENT', pricing: { category: 'utility', billable: true } },
      { status: 'DELIVERED' },
    ]);
  });

  test('a number that is not on WhatsApp fails with the reason', async () => {
    const { sim, account, receiver } = await connect();
    const nobody = sim.customer({ waId: '15005550000', reachable: false });
    await nobody.sendText('hi');
    await whatsappCloud.send(
      account,
      { to: { externalId: '15005550000' }, content: { type: 'text', text: 'x' } },
      http,
    );
    await sim.settle();
    expect(receiver.events.at(-1)).toMatchObject({
      status: 'FAILED',
      failure: { code: '131026', reason: 'recipient_unreachable' },
    });
  });

  test('the same webhook twice is stored once', async () => {
    const { sim, receiver, customer } = await connect();
    await customer.sendText('once');
    const [delivery] = sim.webhooks.deliveries;
    if (delivery === undefined) throw new Error('Nothing was delivered.');
    await sim.webhooks.redeliver(delivery);
    expect(sim.webhooks.deliveries.map((each) => each.status)).toEqual([200, 200]);
    expect(receiver.events).toHaveLength(1);
  });

  test('receipts that come in the wrong order only move a message forward', async () => {
    const { sim, send, receiver, customer } = await connect();
    await customer.sendText('hi');
    sim.webhooks.hold();
    await send({ type: 'text', text: 'x' });
    await sim.advance(1000);
    await customer.read();
    await sim.webhooks.release((held) => held.toReversed());
    const arrived = statuses(receiver.events);
    expect(arrived).toEqual(['READ', 'DELIVERED', 'SENT']);
    let state: OutboundStatus = 'PENDING';
    for (const next of arrived) if (next !== 'PENDING' && movesForward(state, next)) state = next;
    expect(state).toBe('READ');
  });

  test('a webhook signed with another secret is refused', async () => {
    const bench = await startBench();
    const receiver = await startReceiver(['another secret']);
    await bench.sim.subscribe({ callbackUrl: receiver.callbackUrl, verifyToken: 'cg_verify' });
    await bench.sim.customer({ waId: customerId }).sendText('hi');
    expect(receiver.refused).toEqual(['bad_signature']);
    expect(bench.sim.webhooks.deliveries).toMatchObject([{ status: 401 }]);
  });

  test('the callback is not accepted with another verify token', async () => {
    const bench = await startBench();
    const receiver = await startReceiver([bench.sim.appSecret]);
    await expect(bench.sim.subscribe({ callbackUrl: receiver.callbackUrl, verifyToken: 'wrong' })).rejects.toThrow(
      'verify token',
    );
  });
});
