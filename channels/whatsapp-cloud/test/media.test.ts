import { createGuardedFetch } from '@connectgain/http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { InboundMedia } from '../../inbound.ts';
import type { Transport } from '../../transport.ts';
import { whatsappCloud } from '../index.ts';
import { customerId, failureOf, http, png, startBench } from './simulated.ts';

async function received(options: Parameters<typeof startBench>[0] = {}, bytes: Uint8Array<ArrayBuffer> = png) {
  const payloads: unknown[] = [];
  const bench = await startBench({
    ...options,
    deliver: async ({ body }) => {
      payloads.push(JSON.parse(body));
      return 200;
    },
  });
  await bench.sim.subscribe({ callbackUrl: 'http://127.0.0.1/', verifyToken: 'x', handshake: false });
  await bench.sim.customer({ waId: customerId }).sendImage({ bytes, mimeType: 'image/png', caption: 'c' });
  const [event] = whatsappCloud.parseWebhook?.(payloads[0]) ?? [];
  if (event?.type !== 'message' || event.content.type !== 'media') throw new Error('No media arrived.');
  return { ...bench, media: event.content.media };
}

const fetchMedia = (
  account: Parameters<typeof whatsappCloud.send>[0],
  media: Pick<InboundMedia, 'providerMediaId' | 'url'>,
  maxBytes?: number,
) =>
  whatsappCloud.fetchMedia?.(account, media, http, maxBytes === undefined ? {} : { maxBytes }) ??
  Promise.reject(new Error('no fetchMedia'));

describe('a customer’s file', () => {
  test('is fetched in two steps with the token', async () => {
    const { sim, account, media } = await received();
    const file = await fetchMedia(account, media);
    expect(file).toMatchObject({ mimeType: 'image/png', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect([...file.bytes]).toEqual([...png]);
    expect(sim.calls.map((call) => [call.method, call.token === sim.account.accessToken])).toEqual([
      ['GET', true],
      ['GET', true],
    ]);
  });

  test('is asked for again when the address has expired', async () => {
    const { sim, account, media } = await received();
    sim.faults.next('download', { kind: 'http', status: 404, body: 'URL signature expired' });
    await expect(fetchMedia(account, media)).resolves.toMatchObject({ mimeType: 'image/png' });
    expect(sim.calls).toHaveLength(4);
  });

  test('is missing for good when Meta has deleted it', async () => {
    const { sim, account, media } = await received();
    sim.world.media.clear();
    expect(await failureOf(fetchMedia(account, media))).toMatchObject({
      kind: 'permanent',
      reason: 'media_missing',
      code: '100/33',
    });
    const again = await received();
    again.sim.faults.next('download', { kind: 'http', status: 404 }, 2);
    expect(await failureOf(fetchMedia(again.account, again.media))).toMatchObject({
      kind: 'permanent',
      reason: 'media_missing',
    });
  });

  test('is not downloaded when it is too large', async () => {
    const { sim, account, media } = await received({}, new Uint8Array(2000));
    expect(await failureOf(fetchMedia(account, media, 1000))).toMatchObject({
      kind: 'permanent',
      reason: 'media_too_large',
    });
    expect(sim.calls.map((call) => call.path)).toHaveLength(1);
  });

  test('is never asked for at an address that is not Meta’s: the token would go along', async () => {
    const { account, media } = await received();
    const asked: string[] = [];
    const liar: Transport = async (url, request) => {
      asked.push(url);
      return asked.length === 1
        ? new Response(JSON.stringify({ url: 'https://evil.example/x', mime_type: 'image/png' }))
        : fetch(url, request);
    };
    const call = whatsappCloud.fetchMedia?.(account, media, liar) ?? Promise.reject(new Error());
    expect(await failureOf(call)).toMatchObject({ kind: 'permanent', code: 'foreign_media_host' });
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['a cut download', { kind: 'cut' }, { kind: 'transient', reason: 'network' }],
    ['an outage', { kind: 'http', status: 503 }, { kind: 'transient' }],
  ] as const)('%s is tried again later', async (_name, fault, failure) => {
    const { sim, account, media } = await received();
    sim.faults.next('download', fault);
    const found = await failureOf(fetchMedia(account, media));
    expect(found).toMatchObject(failure);
    expect(found.mayHaveArrived).not.toBe(true);
  });

  test('an id that is a path is refused', async () => {
    const { account } = await received();
    expect(await failureOf(fetchMedia(account, { providerMediaId: '../me' }))).toMatchObject({
      reason: 'message_invalid',
    });
  });
});

describe('uploading', () => {
  const file = {
    kind: 'image',
    source: { type: 'bytes', bytes: png },
    mimeType: 'image/png',
    fileName: 'صورة "1"\r\n.png',
  } as const;

  test('gives an id that can be sent', async () => {
    const { sim, account } = await startBench();
    const uploaded = await whatsappCloud.uploadMedia?.(account, file, http);
    expect([...(sim.world.media.get(uploaded?.id ?? '')?.bytes ?? [])]).toEqual([...png]);
  });

  test('works through the guarded transport of production', async () => {
    const { sim, account } = await startBench();
    const guarded = createGuardedFetch({
      allow: [new URL(account.baseUrl ?? '').host],
      timeoutMs: 5000,
      maxBytes: 1_000_000,
    });
    onTestFinished(() => guarded.close());
    const transport: Transport = guarded;
    const uploaded = await whatsappCloud.uploadMedia?.(account, file, transport);
    expect(sim.world.media.has(uploaded?.id ?? '')).toBe(true);
    await sim.customer({ waId: customerId }).sendText('hi');
    await whatsappCloud.send(
      account,
      { to: { externalId: customerId }, content: { type: 'text', text: 'مرحبا' } },
      transport,
    );
    expect(sim.sent()).toMatchObject([{ body: { text: { body: 'مرحبا' } } }]);
  });

  test('a refused address of the guarded transport is the account’s setting', async () => {
    const { account } = await startBench();
    const guarded = createGuardedFetch({ allow: [], timeoutMs: 5000, maxBytes: 1000 });
    onTestFinished(() => guarded.close());
    const call = whatsappCloud.uploadMedia?.(account, file, guarded) ?? Promise.reject(new Error());
    expect(await failureOf(call)).toMatchObject({ kind: 'auth', reason: 'account_misconfigured' });
  });

  test('of a type that Meta does not take is refused in its words', async () => {
    const { account } = await startBench();
    const zip = { ...file, kind: 'document', mimeType: 'application/zip' } as const;
    const call = whatsappCloud.uploadMedia?.(account, zip, http) ?? Promise.reject(new Error());
    expect(await failureOf(call)).toMatchObject({
      kind: 'permanent',
      reason: 'message_invalid',
      detail: expect.stringContaining('application/zip'),
    });
  });
});
