import { describe, expect, test } from 'vitest';
import type { OutboundContent } from '../../outbound.ts';
import { whatsappCloud } from '../index.ts';
import { customerId, failureOf, http, startBench } from './simulated.ts';

const text: OutboundContent = { type: 'text', text: 'Hello' };

async function openBench(options: Parameters<typeof startBench>[0] = {}) {
  const bench = await startBench(options);
  await bench.sim.customer({ waId: customerId }).sendText('hi');
  return bench;
}

describe('when Meta refuses or fails', () => {
  test('an expired token is the account’s failure, not the message’s', async () => {
    const { sim, send } = await openBench();
    sim.setToken('expired');
    expect(await failureOf(send(text))).toMatchObject({
      kind: 'auth',
      reason: 'auth_expired',
      code: '190/463',
      words: expect.stringContaining('reconnect'),
    });
    sim.setToken('valid');
    await expect(send(text)).resolves.toBeDefined();
  });

  test('a token without access to the number names the missing grant', async () => {
    const { sim, account } = await openBench();
    const other = sim.addAccount({ displayNumber: '201271111373' });
    const stranger = { ...account, settings: { ...account.settings, phone_number_id: other.number.id } };
    const call = whatsappCloud.send(stranger, { to: { externalId: customerId }, content: text }, http);
    expect(await failureOf(call)).toMatchObject({ kind: 'auth', reason: 'object_missing', code: '100/33' });
  });

  test('a locked account stops sending', async () => {
    const { sim, send } = await openBench();
    sim.account.number.canSend = 'BLOCKED';
    expect(await failureOf(send(text))).toMatchObject({ kind: 'auth', reason: 'account_restricted', code: '131031' });
  });

  test('too many messages to one customer wait for that customer alone', async () => {
    const { sim, account, send } = await openBench({ limits: { pairBurst: 2 } });
    await send(text);
    await send(text);
    expect(await failureOf(send(text))).toMatchObject({
      kind: 'rate_limited',
      code: '131056',
      scope: 'recipient',
      retryAfterMs: 6000,
    });
    await sim.customer({ waId: '201001383533' }).sendText('hi');
    await expect(
      whatsappCloud.send(account, { to: { externalId: '201001383533' }, content: text }, http),
    ).resolves.toBeDefined();
    await sim.advance(6000);
    await expect(send(text)).resolves.toBeDefined();
  });

  test('too many messages of one number wait for the next second', async () => {
    const { sim, send } = await openBench({ limits: { perSecond: 2 }, startAt: new Date('2026-11-20T10:00:00.000Z') });
    await send(text);
    await send(text);
    expect(await failureOf(send(text))).toMatchObject({ kind: 'rate_limited', code: '130429', scope: 'sender' });
    await sim.advance(1000);
    await expect(send(text)).resolves.toBeDefined();
  });

  test('the closed window is refused at once when Meta answers so', async () => {
    const { sim, send } = await openBench({ windowRefusal: 'response' });
    await sim.advance(24 * 60 * 60 * 1000);
    expect(await failureOf(send(text))).toMatchObject({ kind: 'permanent', reason: 'window_closed', code: '131047' });
  });

  test.each([
    [
      'a rate limit by status alone',
      { kind: 'http', status: 429, headers: { 'retry-after': '7' } },
      { kind: 'rate_limited', retryAfterMs: 7000 },
    ],
    [
      'a broken gateway',
      { kind: 'http', status: 502, body: '<html>Bad gateway</html>' },
      { kind: 'transient', code: 'http_502', mayHaveArrived: true },
    ],
    [
      'an outage in Meta’s words',
      { kind: 'graph', code: 131016 },
      { kind: 'transient', code: '131016', mayHaveArrived: true },
    ],
    [
      'a web page instead of an answer',
      { kind: 'garbage' },
      { kind: 'transient', reason: 'unreadable_answer', mayHaveArrived: true },
    ],
    [
      'an empty answer',
      { kind: 'http', status: 200 },
      { kind: 'transient', reason: 'unreadable_answer', mayHaveArrived: true },
    ],
    [
      'success without an id',
      { kind: 'http', status: 200, body: '{"messages":[]}' },
      { kind: 'transient', reason: 'unreadable_answer' },
    ],
    ['a cut connection', { kind: 'cut' }, { kind: 'transient', reason: 'network', mayHaveArrived: true }],
  ] as const)('%s is told apart', async (_name, fault, failure) => {
    const { sim, send } = await openBench();
    sim.faults.next('messages', fault);
    expect(await failureOf(send(text))).toMatchObject(failure);
    await expect(send(text)).resolves.toBeDefined();
  });

  test('no answer at all is a timeout once the caller gives up', async () => {
    const { sim, account } = await openBench();
    sim.faults.next('messages', { kind: 'silence' });
    const giveUp = new AbortController();
    const silent = sim.faults.silent();
    const call = whatsappCloud.send(account, { to: { externalId: customerId }, content: text }, http, {
      signal: giveUp.signal,
    });
    const failed = failureOf(call);
    await silent;
    giveUp.abort();
    expect(await failed).toMatchObject({ kind: 'transient', reason: 'timeout', mayHaveArrived: true });
  });

  test('a lost answer warns that the message may have arrived, and its receipt settles it', async () => {
    const { sim, send } = await openBench();
    sim.faults.next('messages', { kind: 'lost_answer' });
    expect(await failureOf(send(text, { clientReference: 'message-7' }))).toMatchObject({
      kind: 'transient',
      mayHaveArrived: true,
    });
    expect(sim.sent()).toMatchObject([{ reference: 'message-7' }]);
  });

  test('a port where nobody listens cannot have taken anything', async () => {
    const { sim, account: nowhere } = await openBench();
    await sim.close();
    const failure = await failureOf(
      whatsappCloud.send(nowhere, { to: { externalId: customerId }, content: text }, http),
    );
    expect(failure).toMatchObject({ kind: 'transient', reason: 'network' });
    expect(failure).not.toHaveProperty('mayHaveArrived');
  });

  test('no failure tells the token', async () => {
    const { sim, send } = await openBench();
    for (const fault of [{ kind: 'graph', code: 190 }, { kind: 'garbage' }, { kind: 'cut' }] as const) {
      sim.faults.next('messages', fault);
      expect(JSON.stringify(await failureOf(send(text)))).not.toContain(sim.account.accessToken);
    }
  });
});
