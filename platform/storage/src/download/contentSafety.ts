import { essenceOf } from '../upload/mimePolicy.ts';

/**
 * Headers that keep a hosted file from running as a page or script of our origin, whoever uploaded it:
 * - `nosniff`: a browser takes the type as stated, and no script from a type that is none.
 * - scripts go out as plain text, so that neither a script element nor a service worker takes them.
 * - everything that is not a picture, sound, film, font or PDF gets a sandbox of its own without any source: HTML, SVG and XML show, but
 *   cannot run anything, read cookies or storage, or send forms.
 */
export function safeContentHeaders(mimeType: string): Record<string, string> {
  const essence = essenceOf(mimeType) ?? 'application/octet-stream';
  return {
    'content-type': isScript(essence) ? 'text/plain; charset=utf-8' : mimeType,
    'x-content-type-options': 'nosniff',
    ...(isPassive(essence) ? {} : { 'content-security-policy': "sandbox; default-src 'none'" }),
  };
}

/** The JavaScript types of mimesniff.spec.whatwg.org section 4.6. */
function isScript(essence: string): boolean {
  return /^(application|text)\/(x-)?(java|ecma)script$|^text\/(javascript1\.[0-5]|jscript|livescript)$/.test(essence);
}

function isPassive(essence: string): boolean {
  if (essence === 'application/pdf') return true;
  return /^(image|audio|video|font)\//.test(essence) && essence !== 'image/svg+xml';
}

/**
 * `Content-Disposition` for `?download` (RFC 6266 section 4.3): the name in full, and in ASCII for old clients. Undefined without the
 * parameter, so that the browser shows the file.
 */
export function dispositionOf(download: string | undefined): string | undefined {
  if (download === undefined) return undefined;
  // What would end the line or the quotes, or point to another folder, is not part of a name.
  const name = download
    .toWellFormed()
    .replace(/[\p{Cc}"\\/:*?<>|\u202a-\u202e\u2066-\u2069]/gu, '_')
    .slice(0, 255);
  if (name === '' || /^\.+$/.test(name)) return 'attachment';
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replaceAll('%', '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
