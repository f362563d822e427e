import type { AuthSettings } from './settings.ts';

/**
 * Where a link leads after it was checked. Only the web app's own origin and what the operator listed are accepted; anything else falls back
 * to `fallbackPath` of the web app, because whoever names the target receives the session.
 */
export function resolveRedirect(
  settings: Pick<AuthSettings, 'siteUrl' | 'redirectAllow'>,
  wanted: string | undefined,
  fallbackPath = '/',
): string {
  const fallback = new URL(fallbackPath, settings.siteUrl).href;
  if (wanted === undefined || wanted.trim() === '') return fallback;
  const url = parse(wanted, settings.siteUrl);
  if (url === null) return fallback;
  if (url.origin !== 'null' && url.origin === new URL(settings.siteUrl).origin) return url.href;
  return settings.redirectAllow.some((pattern) => matches(pattern, url)) ? url.href : fallback;
}

/** The target with `values` in its fragment, which browsers do not send to servers. */
export function withFragment(target: string, values: Record<string, string>): string {
  const url = new URL(target);
  url.hash = new URLSearchParams(values).toString();
  return url.href;
}

function parse(wanted: string, siteUrl: string): URL | null {
  // A path alone means the web app; `//host` and backslashes would be read as another host.
  const base = /^\/(?![/\\])/.test(wanted) ? siteUrl : undefined;
  if (!URL.canParse(wanted, base)) return null;
  const url = new URL(wanted, base);
  if (/^(javascript|data|vbscript|blob|file):$/i.test(url.protocol)) return null;
  // `https://app.example.com@evil.example` reads like the one and goes to the other.
  if (url.username !== '' || url.password !== '') return null;
  return url;
}

/**
 * Patterns such as `https://app.example.com/**`, `https://*.example.com/reset`, `myapp://**`: `*` stands for one or more characters but `.` and `/`, `**`
 * for anything. Scheme and host are compared apart from the path, so that no wildcard of a path reaches into a host name.
 */
function matches(pattern: string, url: URL): boolean {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(\/.*)?$/i.exec(pattern.trim());
  if (parts === null) return false;
  const [, scheme = '', host = '', path = '/'] = parts;
  if (url.protocol !== `${scheme.toLowerCase()}:`) return false;
  const web = scheme === 'https' || scheme === 'http';
  // In an app's own scheme the "host" is only the first piece of a path.
  if (!web)
    return glob(`${host}${parts[3] ?? ''}`).test(url.href.slice(url.protocol.length + 2).replace(/[?#].*$/, ''));
  return glob(host.toLowerCase().replaceAll('**', '*')).test(url.host) && glob(path).test(url.pathname);
}

function glob(pattern: string): RegExp {
  const source = pattern.replace(/\*\*|\*|[^*]+/g, (piece) => {
    if (piece === '**') return '.*';
    if (piece === '*') return '[^./]+';
    return piece.replace(/[\\^$.|?+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}
