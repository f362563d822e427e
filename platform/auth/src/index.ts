import type { MigrationSet } from '@connectgain/postgres';

export { type Auth, authRoutes, createAuth } from './auth.ts';
export { DEFAULT_LIMITS, type Limit, type Limits } from './limits.ts';
export { type HeldMail, heldMails } from './mail/heldMails.ts';
export { type MailContent, renderMail } from './mail/layout.ts';
export type { Mail, Mailer, MailLanguage } from './mail/mailer.ts';
export { createMailQueue, type MailQueue } from './mail/mailQueue.ts';
export { createSmtpMailer, type SmtpOptions } from './mail/smtpMailer.ts';
export type { NewSession } from './sessions/issueSession.ts';
export type { SessionAnswer } from './sessions/sessionAnswer.ts';
export type { AuthOptions } from './settings.ts';
export type { CreateUser } from './users/createUser.ts';
export type { PublicUser } from './users/userRecord.ts';

/** Schema `auth`. */
export const migrations: MigrationSet = { name: 'auth', directory: new URL('../migrations/', import.meta.url) };
