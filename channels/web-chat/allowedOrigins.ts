/**
 * Whether a site may show the widget. The `Origin` header is set by browsers and cannot be changed by a page, so the
 * list keeps other sites from using a widget key; it does not keep out a program, which is why visitors have tokens and
 * rate limits too.
 *
 * @param origin the request's `Origin` header
 * @param allowed `https://shop.example`, `https://*.shop.example` (not the bare domain), `http://localhost:*`; empty
 *   allows every site
 */
export function originAllowed(origin: string | undefined, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return true;
  if (origin === undefined || !URL.canParse(origin)) return false;
  const from = new URL(origin);
  return allowed.some((pattern) => matches(from, pattern.trim()));
}

function matches(origin: URL, pattern: string): boolean {
  if (pattern === '*') return true;
  const parts = /^(https?):\/\/([^/:]+)(?::(\d+|\*))?\/?$/i.exec(
    pattern.includes('://') ? pattern : `https://${pattern}`,
  );
  if (parts === null) return false;
  const [, scheme = '', host = '', port = ''] = parts;
  if (origin.protocol !== `${scheme.toLowerCase()}:`) return false;
  if (port !== '*' && origin.port !== port) return false;
  const wanted = host.toLowerCase();
  if (!wanted.startsWith('*.')) return origin.hostname === wanted;
  return origin.hostname.endsWith(wanted.slice(1)) && origin.hostname.length > wanted.length - 1;
}
