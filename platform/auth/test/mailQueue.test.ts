import { migrations as postgresMigrations } from '@connectgain/postgres';
import { createTestDatabase, type TestDatabase } from '@connectgain/testing/database.ts';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMailQueue, createSmtpMailer, heldMails, type Mail, migrations, renderMail } from '../src/index.ts';
import { type SmtpServer, startSmtpServer } from './smtpServer.ts';

const log = pino({ level: 'silent' });
let database: TestDatabase;
let smtp: SmtpServer;

beforeAll(async () => {
  database = await createTestDatabase({ sets: [postgresMigrations, migrations] });
  smtp = await startSmtpServer();
});
afterAll(async () => {
  await smtp.close();
  await database.destroy();
});
beforeEach(async () => {
  await database.owner.query('delete from auth.mail_outbox');
});

const transport = () =>
  createSmtpMailer({
    host: '127.0.0.1',
    port: smtp.port,
    from: 'ConnectGain <no-reply@example.test>',
  });

function mail(to: string): Mail {
  return renderMail({
    to,
    lang: 'ar',
    siteName: 'ConnectGain',
    subject: 'تأكيد بريدك الإلكتروني',
    paragraphs: ['أهلاً بك.'],
    action: { label: 'تأكيد', url: 'https://app.example.test/auth/v1/verify?token=secret' },
    footer: 'وداعاً',
  });
}

const outbox = async () =>
  (await database.owner.query('select status, attempts, html, text, error from auth.mail_outbox order by created_at'))
    .rows;

describe('the mail queue', () => {
  it('holds mails for the operator when there is no mail host', async () => {
    const queue = createMailQueue({ pool: database.owner, log });
    await queue.send(mail('a@example.test'));
    expect(await queue.deliver()).toBe(0);
    expect(await outbox()).toMatchObject([{ status: 'HELD', text: expect.stringContaining('token=secret') }]);
    expect(await heldMails(database.owner)).toMatchObject([{ to: 'a@example.test', lang: 'ar' }]);
    await queue.close();
  });

  it('sends by SMTP and forgets the secrets', async () => {
    const before = smtp.messages.length;
    const smtpMailer = transport();
    const queue = createMailQueue({ pool: database.owner, transport: smtpMailer, log });
    await queue.send(mail('a@example.test'));
    await smtp.received(before + 1);
    await queue.deliver();
    expect(await outbox()).toEqual([{ status: 'SENT', attempts: 1, html: null, text: null, error: null }]);
    const message = smtp.messages.at(-1) ?? '';
    expect(message).toMatch(/^From: ConnectGain <no-reply@example\.test>/m);
    expect(message).toMatch(/^To: a@example\.test/m);
    expect(message).toMatch(/^Content-Language: ar/m);
    expect(message).toMatch(/^Auto-Submitted: auto-generated/m);
    expect(message).toContain('multipart/alternative');
    await queue.close();
    smtpMailer.close();
  });

  it('tries again after a failure, and gives up after the last one', async () => {
    const smtpMailer = transport();
    const queue = createMailQueue({ pool: database.owner, transport: smtpMailer, log });
    smtp.refuse(100);
    await queue.send(mail('a@example.test'));
    await queue.deliver();
    expect(await outbox()).toMatchObject([{ status: 'QUEUED', attempts: 1, error: expect.stringContaining('451') }]);
    // Not due yet.
    expect(await queue.deliver()).toBe(0);
    for (let attempt = 2; attempt <= 8; attempt++) {
      await database.owner.query('update auth.mail_outbox set due_at = now()');
      await queue.deliver();
    }
    expect(await outbox()).toMatchObject([{ status: 'FAILED', attempts: 8 }]);
    smtp.refuse(0);
    await queue.close();
    smtpMailer.close();
  });

  it('delivers after a restart what was queued before, once, also with several nodes', async () => {
    const first = createMailQueue({
      pool: database.owner,
      transport: { send: () => Promise.reject(new Error('down')) },
      log,
    });
    for (let i = 0; i < 5; i++) await first.send(mail(`a${i}@example.test`));
    await first.deliver();
    await first.close();
    await database.owner.query('update auth.mail_outbox set due_at = now()');
    const sent: string[] = [];
    const node = () =>
      createMailQueue({ pool: database.owner, transport: { send: async ({ to }) => void sent.push(to) }, log });
    const nodes = [node(), node()];
    await Promise.all(nodes.map((queue) => queue.deliver()));
    expect(sent.sort()).toEqual(['a0', 'a1', 'a2', 'a3', 'a4'].map((name) => `${name}@example.test`));
    await Promise.all(nodes.map((queue) => queue.close()));
  });
});
