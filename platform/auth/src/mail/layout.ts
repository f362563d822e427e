import type { Mail, MailLanguage } from './mailer.ts';

export interface MailContent {
  to: string;
  lang: MailLanguage;
  siteName: string;
  subject: string;
  /** Plain text; markup in it is shown, not interpreted. */
  paragraphs: readonly string[];
  action?: { label: string; url: string };
  /** A short code to type, with the sentence before it. */
  code?: { label: string; value: string };
  /** The small print: why the reader gets this mail. */
  footer: string;
}

/** One mail in both forms. Tables and inline styles, because mail programs know little else; right to left where the language is. */
export function renderMail(content: MailContent): Mail {
  return {
    to: content.to,
    lang: content.lang,
    subject: oneLine(content.subject),
    html: html(content),
    text: plain(content),
  };
}

function plain({ siteName, paragraphs, action, code, footer }: MailContent): string {
  return [
    ...paragraphs,
    ...(action === undefined ? [] : [`${action.label}:\n${action.url}`]),
    ...(code === undefined ? [] : [`${code.label} ${code.value}`]),
    '--',
    footer,
    siteName,
  ].join('\n\n');
}

function html({ lang, siteName, subject, paragraphs, action, code, footer }: MailContent): string {
  const dir = lang === 'ar' ? 'rtl' : 'ltr';
  const align = lang === 'ar' ? 'right' : 'left';
  const font = `font-family:${lang === 'ar' ? "'Noto Sans Arabic','Segoe UI',Tahoma" : "'Segoe UI',Roboto,Helvetica"},Arial,sans-serif`;
  const body = paragraphs.map(
    (paragraph) =>
      `<p style="margin:0 0 16px;font-size:16px;line-height:1.6;color:#1f2937">${escapeHtml(paragraph)}</p>`,
  );
  const button =
    action === undefined
      ? []
      : [
          `<p style="margin:24px 0"><a href="${escapeHtml(action.url)}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#1d4ed8;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none">${escapeHtml(action.label)}</a></p>`,
        ];
  const digits =
    code === undefined
      ? []
      : [
          `<p style="margin:0 0 8px;font-size:14px;line-height:1.6;color:#4b5563">${escapeHtml(code.label)}</p>`,
          // Digits read left to right in every language.
          `<p dir="ltr" style="margin:0 0 16px;font-size:24px;letter-spacing:6px;font-weight:700;color:#111827;text-align:${align}">${escapeHtml(code.value)}</p>`,
        ];
  return `<!doctype html>
<html lang="${lang}" dir="${dir}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeHtml(subject)}</title></head>
<body dir="${dir}" style="margin:0;padding:0;background:#f3f4f6;${font}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;background:#ffffff;border-radius:12px"><tr><td dir="${dir}" align="${align}" style="padding:32px;text-align:${align}">
<p style="margin:0 0 24px;font-size:14px;font-weight:700;color:#1d4ed8">${escapeHtml(siteName)}</p>
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.4;color:#111827">${escapeHtml(subject)}</h1>
${[...body, ...button, ...digits].join('\n')}
<p style="margin:24px 0 0;padding-top:16px;border-top:1px solid #e5e7eb;font-size:13px;line-height:1.6;color:#6b7280">${escapeHtml(footer)}</p>
</td></tr></table>
</td></tr></table>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function oneLine(subject: string): string {
  return subject.replace(/\s+/g, ' ').trim();
}
