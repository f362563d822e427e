import { createMailQueue, createSmtpMailer, type MailQueue } from '@connectgain/auth';
import type { Logger } from '@connectgain/http';
import type { Database } from '@connectgain/postgres';
import type { Config } from './config.ts';

/** The outbox of mails, with the mail server behind it where there is one. */
export function createMail(config: Config, database: Database, log: Logger): MailQueue {
  const transport =
    config.SMTP_HOST === undefined
      ? undefined
      : createSmtpMailer({
          host: config.SMTP_HOST,
          port: config.SMTP_PORT,
          ...(config.SMTP_SECURE ? { secure: true } : {}),
          ...(config.SMTP_USER === undefined ? {} : { user: config.SMTP_USER }),
          ...(config.SMTP_PASSWORD === undefined ? {} : { password: config.SMTP_PASSWORD }),
          from: config.SMTP_FROM,
        });
  return createMailQueue({ pool: database.owner, log, ...(transport ? { transport } : {}) });
}
