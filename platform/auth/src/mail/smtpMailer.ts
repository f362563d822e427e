import nodemailer from 'nodemailer';
import type { Mailer } from './mailer.ts';

export interface SmtpOptions {
  host: string;
  /** 465 speaks TLS from the start; 587 and 25 begin in the clear and switch. */
  port: number;
  /** TLS from the first byte; by the port when absent. */
  secure?: boolean;
  user?: string;
  password?: string;
  /** Sender, `ConnectGain <no-reply@example.com>`. */
  from: string;
  /** Refuse to send unless the connection is encrypted; when absent, true for every host but this machine. */
  requireTls?: boolean;
}

/** Sends by SMTP at once. Put `createMailQueue` in front, so that requests do not wait and a mail host that is away loses nothing. */
export function createSmtpMailer(o: SmtpOptions): Mailer & { verify(): Promise<void>; close(): void } {
  const secure = o.secure ?? o.port === 465;
  const requireTLS = !secure && (o.requireTls ?? !/^(localhost|127\..*|::1)$/.test(o.host));
  const transport = nodemailer.createTransport({
    host: o.host,
    port: o.port,
    secure,
    requireTLS,
    auth: o.user === undefined ? undefined : { user: o.user, pass: o.password ?? '' },
    pool: true,
    maxConnections: 3,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
    // Nothing in a mail may make the server read files or fetch URLs.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, html, text, lang }) {
      await transport.sendMail({
        from: o.from,
        to: { name: '', address: to },
        subject,
        html,
        text,
        // RFC 3834: out-of-office robots do not answer.
        headers: { 'Content-Language': lang, 'Auto-Submitted': 'auto-generated' },
      });
    },
    async verify() {
      await transport.verify();
    },
    close: () => transport.close(),
  };
}
