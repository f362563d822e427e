import { describe, expect, test } from 'vitest';
import { graphVersionWarning } from '../graphVersion.ts';
import { whatsappCloud } from '../index.ts';
import { customerId, failureOf, http, startBench } from './simulated.ts';

describe('the health of an account', () => {
  test('is good when token, number and account are', async () => {
    const { sim, account } = await startBench({ account: { name: 'Lucky Shrub', displayNumber: '15550783881' } });
    const health = await whatsappCloud.checkAccount?.(account, http);
    expect(health).toMatchObject({
      ok: true,
      sending: 'available',
      displayName: 'Lucky Shrub',
      displayAddress: '+15550783881',
    });
    expect(health?.checks.map((check) => check.name).slice(0, 3)).toEqual(['token', 'number', 'account']);
    expect(sim.calls.map((call) => call.path)).toEqual([
      '/v22.0/me',
      `/v22.0/${sim.account.number.id}`,
      `/v22.0/${sim.account.waba.id}`,
    ]);
  });

  test('names an expired token', async () => {
    const { sim, account } = await startBench();
    sim.setToken('expired');
    const health = await whatsappCloud.checkAccount?.(account, http);
    expect(health).toMatchObject({
      ok: false,
      checks: [
        { name: 'token', ok: false, words: expect.stringContaining('expired'), facts: { code: '190/463' } },
        {},
        {},
      ],
    });
  });

  test('names an account that the token may not see', async () => {
    const { sim, account } = await startBench();
    sim.world.tokens.get(sim.account.accessToken)?.wabaIds.clear();
    const health = await whatsappCloud.checkAccount?.(account, http);
    expect(health?.checks.slice(1, 3)).toMatchObject([
      { name: 'number', ok: false, facts: { code: '100/33' } },
      { name: 'account', ok: false },
    ]);
  });

  test('tells a user’s id in the WABA field from an account', async () => {
    const { sim, account } = await startBench();
    const wrong = { ...account, settings: { ...account.settings, waba_id: sim.account.number.id } };
    const health = await whatsappCloud.checkAccount?.(wrong, http);
    expect(health?.checks[2]).toMatchObject({ name: 'account', ok: false, words: expect.stringContaining('WABA ID') });
  });

  test('explains limits and blocks with Meta’s reasons', async () => {
    const { sim, account } = await startBench();
    sim.account.number.canSend = 'LIMITED';
    sim.account.number.nameStatus = 'PENDING_REVIEW';
    const limited = await whatsappCloud.checkAccount?.(account, http);
    expect(limited).toMatchObject({ ok: true, sending: 'limited' });
    expect(limited?.checks[1]?.words).toContain('in review');
    sim.account.number.canSend = 'BLOCKED';
    const blocked = await whatsappCloud.checkAccount?.(account, http);
    expect(blocked).toMatchObject({ ok: false, sending: 'blocked' });
    expect(blocked?.checks.find((check) => check.name === 'sending:phone_number')?.words).toContain('payment method');
  });

  test('a number that is not connected is not ok', async () => {
    const { sim, account } = await startBench();
    sim.account.number.status = 'DISCONNECTED';
    expect(await whatsappCloud.checkAccount?.(account, http)).toMatchObject({ ok: false });
  });

  test('is unknown, not bad, while Meta is down', async () => {
    const { sim, account } = await startBench();
    sim.faults.next('node', { kind: 'http', status: 503 });
    const call = whatsappCloud.checkAccount?.(account, http) ?? Promise.reject(new Error());
    expect(await failureOf(call)).toMatchObject({ kind: 'transient' });
  });

  test('warns before the pinned version of the Graph API ends', () => {
    expect(graphVersionWarning(new Date('2026-11-20T00:00:00Z'))).toBeNull();
    expect(graphVersionWarning(new Date('2027-03-01T00:00:00Z'))).toContain('in 80 days');
    expect(graphVersionWarning(new Date('2027-05-21T00:00:00Z'))).toContain('ended');
  });
});

describe('reading and typing', () => {
  test('mark the customer’s message', async () => {
    const { sim, account } = await startBench();
    const id = await sim.customer({ waId: customerId }).sendText('hi');
    const seen = { externalId: id, party: { externalId: customerId } };
    await whatsappCloud.markRead?.(account, seen, http);
    expect(sim.world.incoming.get(id)).toMatchObject({ read: true, typing: false });
    await whatsappCloud.showTyping?.(account, seen, http);
    expect(sim.world.incoming.get(id)).toMatchObject({ read: true, typing: true });
  });

  test('of a message that Meta does not know fail for good', async () => {
    const { account } = await startBench();
    const call =
      whatsappCloud.markRead?.(account, { externalId: 'wamid.X', party: { externalId: customerId } }, http) ??
      Promise.reject(new Error());
    expect(await failureOf(call)).toMatchObject({ kind: 'permanent' });
  });
});
