import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { WebhookSecrets } from '../../contract.ts';
import { whatsappCloud } from '../index.ts';

const body = Buffer.from('{"object":"whatsapp_business_account","text":"caf\\u00e9 \\ud83d\\ude00"}');
const secrets: WebhookSecrets = { signing: ['app-secret'], verifyTokens: ['cg_my_token'] };

function signature(secret: string, bytes: Uint8Array = body): string {
  return `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
}

function verify(header: string | string[] | undefined, with_: WebhookSecrets = secrets, rawBody: Uint8Array = body) {
  return whatsappCloud.verifyWebhook?.({ rawBody, headers: { 'x-hub-signature-256': header }, query: {} }, with_);
}

describe('the signature of a webhook', () => {
  test('is accepted over exactly the bytes that were signed', () => {
    expect(verify(signature('app-secret'))).toEqual({ ok: true });
  });

  test('is refused once the body was parsed and written again', () => {
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    expect(verify(signature('app-secret'), secrets, rewritten)).toMatchObject({ ok: false, reason: 'bad_signature' });
  });

  test('may be made with any of several secrets, so that one can be rotated', () => {
    expect(verify(signature('new'), { ...secrets, signing: ['old', 'new'] })).toEqual({ ok: true });
  });

  test.each([
    ['another secret', signature('wrong')],
    ['no hex', 'sha256=zzzz'],
    ['half of it', signature('app-secret').slice(0, 40)],
    ['the older algorithm', `sha1=${createHmac('sha1', 'app-secret').update(body).digest('hex')}`],
    ['no prefix', signature('app-secret').slice('sha256='.length)],
    ['one bit too many', `${signature('app-secret')}0`],
  ])('is refused when it is %s', (_what, header) => {
    expect(verify(header)).toMatchObject({ ok: false, reason: 'bad_signature' });
  });

  test('is refused when it is missing or sent twice', () => {
    expect(verify(undefined)).toMatchObject({ ok: false, reason: 'missing_signature' });
    expect(verify([signature('app-secret'), signature('app-secret')])).toMatchObject({
      ok: false,
      reason: 'missing_signature',
    });
  });

  test('is refused when no secret is known, with the setting to fill in', () => {
    expect(verify(signature(''), { ...secrets, signing: [] })).toMatchObject({
      ok: false,
      reason: 'no_secret',
      words: expect.stringContaining('META_APP_SECRET'),
    });
  });
});

describe('the handshake', () => {
  const query = { 'hub.mode': 'subscribe', 'hub.verify_token': 'cg_my_token', 'hub.challenge': '1158201444' };

  test('echoes the challenge for the right token', () => {
    expect(whatsappCloud.handshake?.(query, secrets)).toEqual({ ok: true, body: '1158201444' });
  });

  test.each([
    ['another token', { ...query, 'hub.verify_token': 'nope' }],
    ['an empty token', { ...query, 'hub.verify_token': '' }],
    ['another mode', { ...query, 'hub.mode': 'unsubscribe' }],
    ['no challenge', { ...query, 'hub.challenge': undefined }],
    ['markup for a challenge', { ...query, 'hub.challenge': '<script>alert(1)</script>' }],
  ])('refuses %s', (_what, bad) => {
    expect(whatsappCloud.handshake?.(bad, secrets)).toMatchObject({ ok: false });
  });

  test('refuses everything while no token is set', () => {
    expect(
      whatsappCloud.handshake?.({ ...query, 'hub.verify_token': '' }, { ...secrets, verifyTokens: [''] }),
    ).toMatchObject({ ok: false });
  });
});
