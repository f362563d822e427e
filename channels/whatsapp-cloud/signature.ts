import { createHmac, timingSafeEqual } from 'node:crypto';
import type { HandshakeAnswer, WebhookQuery, WebhookRequest, WebhookSecrets, WebhookVerdict } from '../contract.ts';

/**
 * Meta signs the exact bytes of every webhook: header `X-Hub-Signature-256: sha256=<hex HMAC-SHA256(app secret, body)>`
 * (Graph API, Webhooks, “Validate payloads”). The body must not be parsed and written again before: key order and
 * unicode escapes would change.
 */
export function verifySignature(request: WebhookRequest, secrets: WebhookSecrets): WebhookVerdict {
  if (secrets.signing.length === 0) {
    const words =
      'No app secret is known for this channel, so nobody can tell whether a webhook comes from Meta. Set META_APP_SECRET or the channel’s App Secret.';
    return { ok: false, reason: 'no_secret', words };
  }
  const header = request.headers['x-hub-signature-256'];
  if (typeof header !== 'string' || header === '') {
    return { ok: false, reason: 'missing_signature', words: 'The request has no X-Hub-Signature-256 header.' };
  }
  const sent = /^sha256=([0-9a-f]{64})$/i.exec(header)?.[1];
  const given = Buffer.from(sent ?? '', 'hex');
  // Every secret is tried even after a match: the time taken tells nothing about which one fits.
  let matched = false;
  for (const secret of secrets.signing) {
    const expected = createHmac('sha256', secret).update(request.rawBody).digest();
    if (given.length === expected.length && timingSafeEqual(given, expected)) matched = true;
  }
  return matched
    ? { ok: true }
    : { ok: false, reason: 'bad_signature', words: 'The signature does not fit the body and the app secret.' };
}

function sameText(left: string, right: string): boolean {
  // Hashing first gives equal lengths, which the constant-time comparison needs.
  const digest = (text: string) => createHmac('sha256', 'handshake').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

/**
 * The check of the callback URL: `GET ?hub.mode=subscribe&hub.verify_token=…&hub.challenge=…` is answered with the
 * challenge alone when the token is ours (Graph API, Webhooks, “Verification requests”).
 */
export function answerHandshake(query: WebhookQuery, secrets: WebhookSecrets): HandshakeAnswer {
  const token = query['hub.verify_token'];
  const challenge = query['hub.challenge'];
  if (query['hub.mode'] !== 'subscribe' || token === undefined || challenge === undefined) {
    return { ok: false, words: 'Expected hub.mode=subscribe, hub.verify_token and hub.challenge.' };
  }
  // The challenge is echoed: only what Meta sends (digits) or harmless words, never markup.
  if (!/^[\w.-]{1,256}$/.test(challenge)) return { ok: false, words: 'hub.challenge has unexpected characters.' };
  let known = false;
  for (const expected of secrets.verifyTokens) {
    if (expected !== '' && sameText(expected, token)) known = true;
  }
  return known
    ? { ok: true, body: challenge }
    : {
        ok: false,
        words: 'hub.verify_token is not the Verify Token of any channel. Type the same text in both places.',
      };
}
