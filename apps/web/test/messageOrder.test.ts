import { describe, expect, it } from 'vitest';
import type { ThreadMessage } from '../src/features/inbox/model/message.ts';
import { type MessagePages, upsertMessage } from '../src/features/inbox/thread/messagePages.ts';

const message = (change: Partial<ThreadMessage>): ThreadMessage => ({
  id: 'm1',
  conversation_id: 'c1',
  contact_id: 'p1',
  channel: 'WHATSAPP_CLOUD',
  sender_id: null,
  sender_type: 'USER',
  direction: 'OUTBOUND',
  content: 'Hello',
  message_type: 'text',
  status: 'PENDING',
  external_id: null,
  client_id: 'k1',
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
  created_at: '2026-11-21T10:00:00.000000+00:00',
  updated_at: '2026-11-21T10:00:00.000000+00:00',
  attachments: [],
  message_reactions: [],
  ...change,
});
const pages = (...messages: ThreadMessage[]): MessagePages => ({ pages: [messages], pageParams: [null] });
const first = (result: MessagePages) => result.pages[0]?.[0];
const file = (status: string) => ({
  id: 'f1',
  message_id: 'm1',
  kind: 'document',
  status,
  storage_path: status === 'STORED' ? 'a/b' : null,
  mime_type: null,
  file_name: 'a.pdf',
  size_bytes: null,
  width: null,
  height: null,
  duration_seconds: null,
  thumbnail_path: null,
  error_message: null,
  position: 0,
});

describe('answers and live changes that cross on the way', () => {
  it('a failure that came live stays when the answer of the send arrives late', () => {
    const failed = message({ status: 'FAILED', error_message: 'Why', updated_at: '2026-11-21T10:00:01.000000+00:00' });
    expect(first(upsertMessage(pages(failed), message({})))).toMatchObject({ status: 'FAILED', error_message: 'Why' });
  });

  it('a retry of a failed message is pending again', () => {
    const failed = message({ status: 'FAILED', updated_at: '2026-11-21T10:00:01.000000+00:00' });
    const retried = message({ status: 'PENDING', updated_at: '2026-11-21T10:00:05.000000+00:00' });
    expect(first(upsertMessage(pages(failed), retried))?.status).toBe('PENDING');
  });

  it('the answer takes the place of the message that this browser showed at once', () => {
    const local = message({ id: 'k1', local: { phase: 'sending' } });
    delete local.updated_at;
    expect(first(upsertMessage(pages(local), message({ status: 'SENT' })))).toMatchObject({ id: 'm1', status: 'SENT' });
  });

  it('a stored file is not fetched again because an older answer says so', () => {
    const known = message({ attachments: [file('STORED')] });
    const late = message({ attachments: [file('PENDING')], updated_at: '2026-11-21T10:00:02.000000+00:00' });
    expect(first(upsertMessage(pages(known), late))?.attachments[0]?.status).toBe('STORED');
    expect(first(upsertMessage(pages(late), known))?.attachments[0]?.status).toBe('STORED');
  });
});
