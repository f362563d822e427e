import type { Logger } from '@connectgain/http';
import type { Pool } from '../database.ts';
import type { Mail, Mailer, MailLanguage } from './mailer.ts';

/** Seconds until the next try, by how often it failed; after the last one a mail is FAILED. */
const RETRY_AFTER = [30, 120, 600, 1800, 7200, 21_600, 43_200];
/** A mail that is being sent belongs to one node for this long; if that node dies, another one takes it then. */
const LEASE_SECONDS = 120;

export interface MailQueue extends Mailer {
  /** Sends what is due. Resolves with how many were sent when nothing is due any more. */
  deliver(): Promise<number>;
  /** Stops trying; what is queued stays for the next start. */
  close(): Promise<void>;
}

/**
 * A mailer that writes to `auth.mail_outbox` and, where there is a transport, sends from there: again after failures, also by another node.
 * Without a transport mails are HELD for an operator to read.
 */
export function createMailQueue(o: { pool: Pool; transport?: Mailer; log: Logger }): MailQueue {
  const { pool, transport, log } = o;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<number> | undefined;
  let closed = false;

  function deliver(): Promise<number> {
    if (transport === undefined || closed) return Promise.resolve(0);
    running ??= deliverAll(transport).finally(() => {
      running = undefined;
    });
    return running;
  }

  async function deliverAll(to: Mailer): Promise<number> {
    let sent = 0;
    for (let mail = await claim(pool); mail !== undefined; mail = closed ? undefined : await claim(pool)) {
      if (await sendOne(pool, to, mail, log)) sent += 1;
    }
    await scheduleNext();
    return sent;
  }

  async function scheduleNext(): Promise<void> {
    if (closed) return;
    const result = await pool.query<{ wait: number | null }>(
      `select extract(epoch from min(due_at) - now())::double precision as wait from auth.mail_outbox where status = 'QUEUED'`,
    );
    const wait = result.rows[0]?.wait ?? null;
    if (wait === null) return;
    clearTimeout(timer);
    timer = setTimeout(wake, Math.min(Math.max(wait, 1), 3600) * 1000);
    timer.unref();
  }

  function wake(): void {
    deliver().catch((err: unknown) => log.error({ err }, 'the mail outbox could not be read'));
  }

  return {
    async send(mail) {
      await pool.query(
        `insert into auth.mail_outbox (status, recipient, subject, html, text, lang) values ($1, $2, $3, $4, $5, $6)`,
        [transport === undefined ? 'HELD' : 'QUEUED', mail.to, mail.subject, mail.html, mail.text, mail.lang],
      );
      wake();
    },
    deliver,
    async close() {
      closed = true;
      clearTimeout(timer);
      await running?.catch(() => 0);
    },
  };
}

interface ClaimedMail extends Mail {
  id: string;
  attempts: number;
}

/** The next mail that is due, put aside for the length of a lease. */
async function claim(pool: Pool): Promise<ClaimedMail | undefined> {
  const result = await pool.query<{
    id: string;
    recipient: string;
    subject: string;
    html: string | null;
    text: string | null;
    lang: MailLanguage;
    attempts: number;
  }>(
    `update auth.mail_outbox m
     set attempts = attempts + 1, due_at = now() + make_interval(secs => $1)
     where id = (
       select id from auth.mail_outbox where status = 'QUEUED' and due_at <= now()
       order by due_at limit 1 for update skip locked
     )
     returning id, recipient, subject, html, text, lang, attempts`,
    [LEASE_SECONDS],
  );
  const [row] = result.rows;
  if (row === undefined) return undefined;
  const { id, recipient, subject, html, text, lang, attempts } = row;
  return { id, to: recipient, subject, html: html ?? '', text: text ?? '', lang, attempts };
}

async function sendOne(pool: Pool, transport: Mailer, mail: ClaimedMail, log: Logger): Promise<boolean> {
  try {
    await transport.send(mail);
  } catch (err) {
    const pause = RETRY_AFTER[mail.attempts - 1];
    log.warn({ err, mail_id: mail.id, attempt: mail.attempts }, 'a mail could not be sent');
    await pool.query(
      `update auth.mail_outbox set status = $2, due_at = now() + make_interval(secs => $3), error = $4 where id = $1`,
      [
        mail.id,
        pause === undefined ? 'FAILED' : 'QUEUED',
        pause ?? 0,
        err instanceof Error ? err.message : String(err),
      ],
    );
    return false;
  }
  // The links are secrets: once they are with the recipient we need not have them.
  await pool.query(
    `update auth.mail_outbox set status = 'SENT', sent_at = now(), html = null, text = null, error = null where id = $1`,
    [mail.id],
  );
  return true;
}
