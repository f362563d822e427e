import { describe, expect, test } from 'vitest';
import type { FailureKind, FailureReason } from '../../failure.ts';
import { classifyAnswer, classifyWebhookErrors } from '../classify.ts';
import { graphErrors } from '../errorTable.ts';

const headers = (entries: Record<string, string> = {}) => ({ get: (name: string) => entries[name] ?? null });

function answer(
  code: number,
  o: { status?: number; subcode?: number; message?: string; headers?: Record<string, string> } = {},
) {
  const error = {
    message: o.message ?? `(#${code}) Something`,
    type: 'OAuthException',
    code,
    error_subcode: o.subcode,
    fbtrace_id: 'Atrace',
  };
  return classifyAnswer(o.status ?? 400, { error }, headers(o.headers));
}

const table: [code: number, kind: FailureKind, reason: FailureReason][] = [
  [0, 'auth', 'auth_expired'],
  [1, 'transient', 'provider_unavailable'],
  [2, 'transient', 'provider_unavailable'],
  [3, 'auth', 'permission_missing'],
  [4, 'rate_limited', 'rate_limited'],
  [10, 'auth', 'permission_missing'],
  [33, 'auth', 'object_missing'],
  [100, 'permanent', 'message_invalid'],
  [190, 'auth', 'auth_expired'],
  [200, 'auth', 'permission_missing'],
  [299, 'auth', 'permission_missing'],
  [368, 'auth', 'account_restricted'],
  [80007, 'rate_limited', 'rate_limited'],
  [130429, 'rate_limited', 'rate_limited'],
  [130472, 'permanent', 'marketing_limited'],
  [131000, 'transient', 'provider_unavailable'],
  [131005, 'auth', 'permission_missing'],
  [131008, 'permanent', 'message_invalid'],
  [131009, 'permanent', 'message_invalid'],
  [131016, 'transient', 'provider_unavailable'],
  [131021, 'permanent', 'recipient_invalid'],
  [131026, 'permanent', 'recipient_unreachable'],
  [131030, 'permanent', 'recipient_not_allowed'],
  [131031, 'auth', 'account_restricted'],
  [131037, 'auth', 'account_misconfigured'],
  [131042, 'auth', 'payment_issue'],
  [131047, 'permanent', 'window_closed'],
  [131048, 'rate_limited', 'spam_limited'],
  [131049, 'permanent', 'marketing_limited'],
  [131050, 'permanent', 'recipient_opted_out'],
  [131051, 'permanent', 'message_unsupported'],
  [131053, 'permanent', 'media_rejected'],
  [131056, 'rate_limited', 'rate_limited'],
  [131057, 'transient', 'account_maintenance'],
  [132000, 'permanent', 'template_parameters'],
  [132001, 'permanent', 'template_missing'],
  [132007, 'permanent', 'template_policy'],
  [132012, 'permanent', 'template_parameters'],
  [132015, 'permanent', 'template_paused'],
  [132016, 'permanent', 'template_disabled'],
  [132068, 'permanent', 'flow_unavailable'],
  [133010, 'auth', 'account_misconfigured'],
];

describe('errors of the Graph API', () => {
  test.each(table)('%i is %s, %s', (code, kind, reason) => {
    expect(answer(code)).toMatchObject({ kind, reason, code: `${code}`, traceId: 'Atrace' });
    expect(classifyWebhookErrors([{ code, title: 'Title', error_data: { details: 'More' } }])).toMatchObject({
      kind,
      reason,
      detail: 'Title: More',
    });
  });

  test('every code in the table says what happened and what to do, without markup', () => {
    for (const meaning of Object.values(graphErrors)) {
      expect(meaning.words).toMatch(/^[A-Z].*\.$/s);
      expect(meaning.words.length).toBeLessThan(260);
    }
  });

  test('100 with subcode 33 is a missing grant, not a bad message', () => {
    expect(answer(100, { subcode: 33 })).toMatchObject({
      kind: 'auth',
      reason: 'object_missing',
      code: '100/33',
      words: expect.stringContaining('system user'),
    });
  });

  test('a field that does not exist means that the id is of something else', () => {
    expect(
      answer(100, { message: '(#100) Tried accessing nonexisting field (phone_numbers) on node type (User)' }),
    ).toMatchObject({
      kind: 'auth',
      reason: 'account_misconfigured',
      words: expect.stringContaining('WABA ID'),
    });
  });

  test('a limit says how long to wait and what to slow down', () => {
    expect(answer(131056)).toMatchObject({ retryAfterMs: 6000, scope: 'recipient' });
    expect(answer(130429)).toMatchObject({ retryAfterMs: 1000, scope: 'sender' });
    expect(answer(130429, { headers: { 'retry-after': '30' } }).retryAfterMs).toBe(30_000);
    const usage = JSON.stringify({ '1022': [{ type: 'messages', estimated_time_to_regain_access: 7 }] });
    expect(answer(80007, { headers: { 'x-business-use-case-usage': usage } })).toMatchObject({
      retryAfterMs: 420_000,
      scope: 'account',
    });
    expect(answer(80007, { headers: { 'x-business-use-case-usage': 'no json' } }).retryAfterMs).toBe(60_000);
    expect(answer(4, { headers: { 'retry-after': '999999999' } }).retryAfterMs).toBe(86_400_000);
  });

  test('without Meta’s envelope the status decides', () => {
    expect(classifyAnswer(502, undefined, headers())).toMatchObject({
      kind: 'transient',
      code: 'http_502',
      mayHaveArrived: true,
    });
    expect(classifyAnswer(429, 'slow down', headers({ 'retry-after': '5' }))).toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: 5000,
    });
    expect(classifyAnswer(401, {}, headers())).toMatchObject({ kind: 'auth' });
    expect(classifyAnswer(403, [], headers())).toMatchObject({ kind: 'auth' });
    expect(classifyAnswer(418, null, headers())).toMatchObject({ kind: 'permanent', reason: 'unknown' });
  });

  test('an unknown code follows Meta’s own flag, then the status', () => {
    const error = { code: 999_999, message: 'New', is_transient: true };
    expect(classifyAnswer(400, { error }, headers())).toMatchObject({ kind: 'transient', code: '999999' });
    expect(classifyAnswer(400, { error: { code: 999_999 } }, headers())).toMatchObject({
      kind: 'permanent',
      reason: 'unknown',
    });
    expect(classifyAnswer(500, { error: { code: 999_999 } }, headers())).toMatchObject({ kind: 'transient' });
  });

  test('a webhook without errors has no failure', () => {
    expect(classifyWebhookErrors(undefined)).toBeUndefined();
    expect(classifyWebhookErrors([null, 'x'])).toBeUndefined();
  });
});
