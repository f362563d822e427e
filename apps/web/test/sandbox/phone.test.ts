import { describe, expect, test } from 'vitest';
import type { ThreadMessage } from '#features/inbox/model/message.ts';
import { digitsOf, inventedNumber, type PersonRow, peopleOf } from '#features/sandbox/people/person.ts';
import { choicesOf, chosenBelow, phoneMessages, unreadIds } from '#features/sandbox/phone/phoneMessages.ts';
import { readSandboxSearch } from '#features/sandbox/sandboxSearch.ts';
import { type Utterance, waitingUtterances } from '#features/sandbox/useSpeech.ts';

const base: ThreadMessage = {
  id: 'm',
  conversation_id: 'c',
  contact_id: 'p',
  channel: 'WHATSAPP_CLOUD',
  sender_id: null,
  sender_type: 'CONTACT',
  direction: 'INBOUND',
  content: 'Hello',
  message_type: 'text',
  status: 'RECEIVED',
  external_id: 'wamid.1',
  client_id: null,
  reply_to_id: null,
  metadata: {},
  error_code: null,
  error_message: null,
  scheduled_at: null,
  sent_at: null,
  delivered_at: null,
  read_at: null,
  edited_at: null,
  deleted_at: null,
  created_at: '2026-01-15T10:00:00Z',
  attachments: [],
  message_reactions: [],
};
const message = (id: string, changes: Partial<ThreadMessage> = {}): ThreadMessage => ({ ...base, id, ...changes });
const answer = (id: string, status: string, changes: Partial<ThreadMessage> = {}) =>
  message(id, { direction: 'OUTBOUND', status, ...changes });

describe('the phone', () => {
  test('shows what the provider has taken and nothing that waits or failed', () => {
    const all = ['PENDING', 'SCHEDULED', 'FAILED', 'SENT', 'DELIVERED', 'READ'].map((status) => answer(status, status));
    expect(phoneMessages([message('own'), ...all]).map((one) => one.id)).toEqual(['own', 'SENT', 'DELIVERED', 'READ']);
  });

  test('puts an answer where it arrived, not where it was written', () => {
    const late = answer('late', 'READ', { created_at: '2026-01-15T10:00:01Z', sent_at: '2026-01-15T10:05:00Z' });
    const question = message('question', { created_at: '2026-01-15T10:02:00Z' });
    expect(phoneMessages([late, question]).map((one) => one.id)).toEqual(['question', 'late']);
  });

  test('reads what was delivered by the provider, and not what the demo data says of earlier days', () => {
    expect(
      unreadIds([
        answer('a', 'DELIVERED'),
        answer('b', 'READ'),
        answer('c', 'DELIVERED', { external_id: null }),
        message('d'),
      ]),
    ).toEqual(['a']);
  });

  test('offers buttons and rows with their ids, and knows what was chosen', () => {
    const question = answer('q', 'READ', {
      message_type: 'interactive',
      metadata: {
        interactive: {
          type: 'buttons',
          footer: 'Lumen Home',
          buttons: [{ id: 'am', title: 'Morning' }, { title: 'No id' }],
        },
      },
    });
    expect(choicesOf(question.metadata)).toEqual({
      buttons: [{ id: 'am', title: 'Morning', description: null }],
      list: null,
      link: null,
      footer: 'Lumen Home',
    });
    expect(choicesOf({})).toBeNull();
    const chosen = message('r', { reply_to_id: 'q', metadata: { reply: { id: 'am', title: 'Morning' } } });
    expect(chosenBelow(question, [question, chosen])).toBe('am');
    expect(chosenBelow(question, [question, message('plain', { reply_to_id: 'q' })])).toBeNull();
  });

  test('keeps what was said until the thread shows it', () => {
    const said = (key: string, changes: Partial<Utterance>): Utterance => ({
      key,
      phone: '1',
      saying: { kind: 'text', text: key },
      at: '2026-01-15T10:00:00Z',
      state: 'sent',
      reason: null,
      messageId: null,
      ...changes,
    });
    const all = [
      said('stored', { messageId: 'wamid.1' }),
      said('on its way', { messageId: 'wamid.2' }),
      said('failed', { state: 'failed' }),
      said('other phone', { phone: '2' }),
      said('reaction', { saying: { kind: 'reaction', message_id: 'wamid.1', emoji: '👍' } }),
    ];
    expect(waitingUtterances(all, '1', new Set(['wamid.1'])).map((one) => one.key)).toEqual(['on its way', 'failed']);
  });
});

describe('the people', () => {
  const row = (id: string, changes: Partial<PersonRow['contact'] & object> = {}): PersonRow => ({
    id,
    contact_id: `contact-${id}`,
    last_message_at: null,
    last_message_preview: null,
    last_message_type: null,
    last_message_direction: null,
    contact: {
      id: `contact-${id}`,
      full_name: 'Sara Nabil',
      phones: ['+201001234567'],
      avatar_url: null,
      identities: [],
      ...changes,
    },
  });

  test('are known by the provider’s id of their phone, else by their number, once each', () => {
    const people = peopleOf([
      row('a', { identities: [{ channel_type: 'WHATSAPP_CLOUD', external_id: '201009999999' }] }),
      row('b'),
      row('again'),
      row('without', { phones: [] }),
      row('nameless', { full_name: ' ', phones: ['+44 7700 900001'] }),
    ]);
    expect(people.map((person) => [person.phone, person.name, person.conversationId])).toEqual([
      ['201009999999', 'Sara Nabil', 'a'],
      ['201001234567', 'Sara Nabil', 'b'],
      ['447700900001', '+447700900001', 'nameless'],
    ]);
  });

  test('that are made up get a number that nobody here has', () => {
    expect(inventedNumber(new Set(), () => 0)).toBe('447700900000');
    expect(inventedNumber(new Set(['447700900999', '447700900000']), () => 0.9995)).toBe('447700900001');
    expect(digitsOf('+44 (7700) 900-123')).toBe('447700900123');
  });
});

test('the address may hold a name of digits, and nothing else gets in', () => {
  expect(readSandboxSearch({ name: 42, channel: 'c' })).toEqual({ name: '42', channel: 'c' });
  expect(readSandboxSearch({ name: ['x'], channel: '' })).toEqual({ name: undefined, channel: undefined });
});
