import type { AuthContext } from '../context.ts';
import type { MailedSecrets } from '../oneTimeTokens/oneTimeToken.ts';
import type { AuthSettings } from '../settings.ts';
import { renderMail } from './layout.ts';
import type { MailLanguage } from './mailer.ts';
import { type AuthMailKind, WORDING } from './wording.ts';

/** The `type` that a link, or `verifyOtp`, names for each kind of mail. */
export const VERIFY_TYPE: Record<AuthMailKind, string> = {
  confirmation: 'signup',
  invite: 'invite',
  recovery: 'recovery',
  magiclink: 'magiclink',
  email_change_new: 'email_change',
  email_change_current: 'email_change',
};

export interface AuthMail {
  kind: AuthMailKind;
  to: string;
  lang: MailLanguage;
  /** The account's present address, and the one it is to have. */
  email: string;
  newEmail?: string;
  secrets: MailedSecrets;
  /** Where the link leads in the end, already checked by `resolveRedirect`. */
  redirectTo: string;
}

/** The link of a mail: `GET /verify`, which answers with a redirect to `redirectTo`. */
export function actionLink(
  settings: Pick<AuthSettings, 'apiUrl'>,
  o: { token: string; type: string; redirectTo: string },
): string {
  const query = new URLSearchParams({ token: o.token, type: o.type, redirect_to: o.redirectTo });
  return `${settings.apiUrl}/verify?${query}`;
}

/** Writes the mail and hands it to the mailer. */
export async function sendAuthMail(ctx: AuthContext, mail: AuthMail): Promise<void> {
  const { siteName } = ctx.settings;
  const texts = WORDING[mail.lang];
  const wording = texts[mail.kind]({ siteName, email: mail.email, newEmail: mail.newEmail ?? '' });
  const url = actionLink(ctx.settings, {
    token: mail.secrets.token,
    type: VERIFY_TYPE[mail.kind],
    redirectTo: mail.redirectTo,
  });
  await ctx.mailer.send(
    renderMail({
      to: mail.to,
      lang: mail.lang,
      siteName,
      subject: wording.subject,
      paragraphs: wording.paragraphs,
      action: { label: wording.action, url },
      code: { label: texts.code, value: mail.secrets.code },
      footer: texts.footer,
    }),
  );
}

/** Tells somebody who signed up with an address that has an account already, and only them, that it has. */
export async function sendRegisteredNotice(ctx: AuthContext, to: string, lang: MailLanguage): Promise<void> {
  const { siteName, siteUrl } = ctx.settings;
  const { subject, paragraphs, action } = WORDING[lang].registered({ siteName, email: to, newEmail: '' });
  const content = { to, lang, siteName, subject, paragraphs, footer: WORDING[lang].footer };
  await ctx.mailer.send(renderMail({ ...content, action: { label: action, url: siteUrl } }));
}
