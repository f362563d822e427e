import { describe, expect, test } from 'vitest';
import { elapsedText } from '#features/sandbox/happened/elapsed.ts';
import { type LifeEvent, type LifeMessage, livesOf, type Step } from '#features/sandbox/happened/lives.ts';

const at = (milliseconds: number) => new Date(Date.UTC(2026, 0, 15, 10, 0, 0) + milliseconds).toISOString();

const base: LifeMessage = {
  id: 'm',
  direction: 'INBOUND',
  content: 'Where is my order?',
  message_type: 'text',
  status: 'RECEIVED',
  external_id: 'wamid.1',
  sender_type: 'CONTACT',
  created_at: at(0),
  sent_at: null,
  delivered_at: null,
  read_at: null,
  error_message: null,
  message_status_events: [],
  attachments: [],
};
const inbound = (changes: Partial<LifeMessage> = {}): LifeMessage => ({ ...base, ...changes });
const outbound = (changes: Partial<LifeMessage> = {}): LifeMessage =>
  inbound({ id: 'o', direction: 'OUTBOUND', status: 'PENDING', external_id: null, sender_type: 'USER', ...changes });
const event = (changes: Partial<LifeEvent> = {}): LifeEvent => ({
  id: 'e',
  provider_event_id: '106:message:wamid.1',
  status: 'PROCESSED',
  error_message: null,
  received_at: at(10),
  processed_at: at(40),
  ...changes,
});
const states = (steps: readonly Step[] | undefined) =>
  Object.fromEntries((steps ?? []).map((step) => [step.name, step.state]));
const stepOf = (steps: readonly Step[] | undefined, name: Step['name']) => steps?.find((step) => step.name === name);

describe('a message of the customer', () => {
  test('begins with its stored webhook and says how long it took to reach the conversation', () => {
    const [life] = livesOf({ messages: [inbound()], events: [event()], lastReadAt: null });
    expect(life?.eventId).toBe('e');
    expect(states(life?.steps)).toEqual({ received: 'done', placed: 'done', opened: 'waiting', answered: 'waiting' });
    expect(stepOf(life?.steps, 'received')?.took).toBeNull();
    expect(stepOf(life?.steps, 'placed')?.took).toBe(30);
  });

  test('begins with the message itself where webhooks may not be read', () => {
    const [life] = livesOf({ messages: [inbound()], events: [], lastReadAt: null });
    expect(life?.eventId).toBeNull();
    expect(states(life?.steps)).toEqual({ placed: 'done', opened: 'waiting', answered: 'waiting' });
  });

  test('is opened once the team has looked after it arrived, not by an earlier look', () => {
    const of = (lastReadAt: string) => livesOf({ messages: [inbound()], events: [event()], lastReadAt })[0]?.steps;
    expect(stepOf(of(at(39)), 'opened')?.state).toBe('waiting');
    expect(stepOf(of(at(500)), 'opened')?.state).toBe('done');
  });

  test('is answered by the first message that follows it', () => {
    const messages = [
      outbound({ id: 'later', created_at: at(9_000) }),
      outbound({ id: 'first', created_at: at(2_040) }),
      inbound(),
    ];
    const life = livesOf({ messages, events: [event()], lastReadAt: null }).find((one) => one.who === 'customer');
    expect(stepOf(life?.steps, 'answered')).toMatchObject({ state: 'done', at: at(2_040), took: 2_000 });
  });

  test('shows a file on its way, fetched, and lost', () => {
    const of = (status: string) =>
      livesOf({ messages: [inbound({ attachments: [{ status }] })], events: [], lastReadAt: null })[0]?.steps;
    expect(stepOf(of('PENDING'), 'files')?.state).toBe('running');
    expect(stepOf(of('STORED'), 'files')?.state).toBe('done');
    expect(stepOf(of('FAILED'), 'files')?.state).toBe('failed');
  });
});

describe('a message of the business', () => {
  test('is dated by when each change was heard of, not by the whole seconds of the provider', () => {
    const message = outbound({
      status: 'READ',
      external_id: 'wamid.2',
      sent_at: at(300),
      delivered_at: at(0),
      read_at: at(0),
      message_status_events: [
        { status: 'SENT', created_at: at(300) },
        { status: 'DELIVERED', created_at: at(900) },
        { status: 'READ', created_at: at(1_000) },
      ],
    });
    const [life] = livesOf({ messages: [message], events: [], lastReadAt: null });
    expect(life?.steps.map((step) => [step.name, step.state, step.took])).toEqual([
      ['written', 'done', null],
      ['sent', 'done', 300],
      ['delivered', 'done', 600],
      ['read', 'done', 100],
    ]);
  });

  test('is under way at first and tried again after a refusal that may pass', () => {
    const of = (attempts: number) =>
      livesOf({ messages: [outbound({ send_attempts: attempts })], events: [], lastReadAt: null })[0];
    expect(stepOf(of(0)?.steps, 'sent')?.state).toBe('running');
    expect(stepOf(of(2)?.steps, 'sent')?.state).toBe('retrying');
    expect(of(2)?.attempts).toBe(2);
  });

  test('carries the reason of a failure at the step that failed', () => {
    const refused = outbound({
      status: 'FAILED',
      error_message: 'The token has expired.',
      message_status_events: [{ status: 'FAILED', created_at: at(80) }],
    });
    const [first] = livesOf({ messages: [refused], events: [], lastReadAt: null });
    expect(stepOf(first?.steps, 'sent')).toMatchObject({ state: 'failed', reason: 'The token has expired.', took: 80 });
    expect(stepOf(first?.steps, 'delivered')?.state).toBe('waiting');

    const lost = outbound({
      status: 'FAILED',
      sent_at: at(50),
      error_message: 'Not reachable.',
      message_status_events: [{ status: 'FAILED', created_at: at(400) }],
    });
    const [second] = livesOf({ messages: [lost], events: [], lastReadAt: null });
    expect(states(second?.steps)).toEqual({ written: 'done', sent: 'done', delivered: 'failed', read: 'waiting' });
  });
});

test('a reaction is a life of its own, receipts and edits are not', () => {
  const events = [
    event({
      id: 'reaction',
      provider_event_id: '106:message:wamid.9',
      received_at: at(5_000),
      processed_at: at(5_020),
    }),
    event({ id: 'receipt', provider_event_id: '106:status:wamid.1:read', received_at: at(6_000) }),
    event(),
  ];
  const lives = livesOf({ messages: [inbound()], events, lastReadAt: null });
  expect(lives.map((life) => [life.key, life.kind])).toEqual([
    ['reaction', 'reaction'],
    ['m', 'text'],
  ]);
});

test('a length of time is told in the one unit that says it', () => {
  expect([84, 1_240, 150_000, 7_200_000].map((length) => elapsedText(length, 'en'))).toEqual([
    '84ms',
    '1.2s',
    '3m',
    '2h',
  ]);
  expect(elapsedText(84, 'ar')).toMatch(/^84\s/);
});
