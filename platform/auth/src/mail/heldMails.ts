import type { Queryable } from '../database.ts';
import type { Mail } from './mailer.ts';

export interface HeldMail extends Mail {
  id: string;
  createdAt: Date;
}

/**
 * The mails that nobody could be sent because there is no mail host, newest first, with the links in them: for a page that only the operator
 * of the instance can open.
 */
export async function heldMails(db: Queryable, o: { limit?: number } = {}): Promise<HeldMail[]> {
  const result = await db.query<HeldMail>(
    `select id, recipient as "to", subject, html, text, lang, created_at as "createdAt"
     from auth.mail_outbox where status = 'HELD' order by created_at desc limit $1`,
    [o.limit ?? 50],
  );
  return result.rows;
}
