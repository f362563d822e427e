import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEmail } from '../src/emailAddress.ts';
import { mailLanguage } from '../src/mail/language.ts';
import { renderMail } from '../src/mail/layout.ts';
import { resolveRedirect, withFragment } from '../src/redirects.ts';

describe('parseEmail', () => {
  it.each([
    [' Agent@Example.COM ', 'agent@example.com'],
    ["o'neil+tag@mail.example.co.uk", "o'neil+tag@mail.example.co.uk"],
    ['مستخدم@مثال.مصر', 'مستخدم@مثال.مصر'],
    ['ｆｕｌｌ@example.com', 'full@example.com'],
  ])('takes %j as %j', (input, expected) => {
    expect(parseEmail(input)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'a',
    '@b.co',
    'a@',
    'a@b',
    'a b@c.co',
    'a@b..co',
    'a@-b.co',
    'a..b@c.co',
    '.a@c.co',
    'a@b.co,c@d.co',
  ])('refuses %j', (input) => {
    expect(() => parseEmail(input)).toThrow();
  });

  it('never lets through what could begin another header or address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (noise) => {
        for (const candidate of [noise, `${noise}@example.com`, `a@${noise}`, `a@example.com${noise}`]) {
          try {
            const address = parseEmail(candidate);
            expect(address).not.toMatch(/[\s<>,;:"()[\]\\\p{C}]/u);
            expect(address.split('@')).toHaveLength(2);
            expect(parseEmail(address)).toBe(address);
          } catch (error) {
            expect(error).toMatchObject({ status: 400 });
          }
        }
      }),
    );
  });
});

describe('resolveRedirect', () => {
  const settings = { siteUrl: 'https://app.example.test', redirectAllow: ['https://*.partner.test/**', 'myapp://**'] };

  it('only ever leads to the web app or to a listed place', () => {
    const wanted = fc.oneof(
      fc.webUrl({ withFragments: true, withQueryParameters: true }),
      fc.string({ unit: 'binary' }),
      fc.string().map((path) => `/${path}`),
      fc.string().map((rest) => `https://app.example.test${rest}`),
      fc.string().map((rest) => `https://x.partner.test${rest}`),
      fc.string().map((rest) => `https:${rest}.partner.test`),
    );
    fc.assert(
      fc.property(wanted, (target) => {
        const url = new URL(resolveRedirect(settings, target));
        const isListed = url.protocol === 'https:' && /^[^.]+\.partner\.test$/.test(url.host);
        expect(url.origin === 'https://app.example.test' || isListed || url.protocol === 'myapp:').toBe(true);
        expect(url.username).toBe('');
      }),
    );
  });

  it('keeps query and path, and puts values into the fragment', () => {
    expect(resolveRedirect(settings, '/inbox?x=1')).toBe('https://app.example.test/inbox?x=1');
    expect(resolveRedirect(settings, 'https://eu.partner.test/a/b?c=d')).toBe('https://eu.partner.test/a/b?c=d');
    expect(resolveRedirect(settings, undefined, '/reset-password')).toBe('https://app.example.test/reset-password');
    expect(withFragment('https://app.example.test/x#old', { a: 'b&c' })).toBe('https://app.example.test/x#a=b%26c');
  });
});

describe('mailLanguage', () => {
  it.each([
    [{ language: 'ar-EG' }, 'en', 'ar'],
    [{ lang: 'fr' }, 'ar', 'en'],
    [{ language: 5 }, 'ar;q=0.1', 'ar'],
    [{}, 'en;q=0.2, ar;q=0.9', 'ar'],
    [{}, 'ar;q=0', 'en'],
    [{}, undefined, 'en'],
  ])('of %j and %j is %s', (metadata, header, language) => {
    expect(mailLanguage(metadata, header)).toBe(language);
  });
});

describe('renderMail', () => {
  it('shows every text as text', () => {
    const evil = '<script>alert("x")</script>';
    fc.assert(
      fc.property(fc.string(), (noise) => {
        const mail = renderMail({
          to: 'a@b.co',
          lang: 'en',
          siteName: evil,
          subject: `${noise}${evil}\r\nBcc: x@y.co`,
          paragraphs: [noise, evil],
          action: { label: evil, url: `https://a.test/?x="${evil}` },
          code: { label: evil, value: evil },
          footer: evil,
        });
        expect(mail.html).not.toContain('<script');
        expect(mail.subject).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
