/** Languages that mails are written in. */
export type MailLanguage = 'en' | 'ar';

export interface Mail {
  /** One address, as `parseEmail` returns it. */
  to: string;
  subject: string;
  html: string;
  text: string;
  lang: MailLanguage;
}

/** Takes charge of a mail. Rejects only when it could not: the caller has then to say so. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}
