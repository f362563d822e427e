import type { MailLanguage } from './mailer.ts';

/** The language to write in: what the user chose, else what the browser asks for (RFC 9110 section 12.5.4), else English. */
export function mailLanguage(userMetadata: Record<string, unknown>, acceptLanguage?: string): MailLanguage {
  const chosen = [userMetadata.language, userMetadata.lang, userMetadata.locale].find(
    (value) => typeof value === 'string',
  );
  if (chosen !== undefined) return known(chosen) ?? 'en';
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return { tag, quality: Number(quality ?? 1) };
    })
    .sort((a, b) => b.quality - a.quality);
  for (const { tag, quality } of wanted) {
    const language = known(tag);
    if (language !== undefined && quality > 0) return language;
  }
  return 'en';
}

function known(tag: string): MailLanguage | undefined {
  const [primary] = tag.toLowerCase().split(/[-_]/);
  return primary === 'ar' || primary === 'en' ? primary : undefined;
}
