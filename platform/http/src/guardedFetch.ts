import { type Agent, type BodyInit, FormData, fetch, Headers, type RequestInit, Response } from 'undici';
import { isAllowed } from './outboundAddress.ts';
import { createGuardedAgent, type Resolve } from './outboundAgent.ts';
import { OutboundError, outboundError } from './outboundErrors.ts';

export interface GuardedFetchOptions {
  /** Hosts that may be private and plain http: `host` or `host:port`. The operator's `OUTBOUND_ALLOW`. */
  allow: readonly string[];
  /** For the whole call: connecting, redirects and reading the body. */
  timeoutMs: number;
  /** Bytes of the body after decompression. */
  maxBytes: number;
  /** False lets any host be called by plain http; true when absent. */
  https?: boolean;
  /** Replaces DNS. */
  resolve?: Resolve;
}

export type GuardedInit = Pick<RequestInit, 'method' | 'headers' | 'body' | 'signal' | 'redirect'>;
export type { Response as OutboundResponse } from 'undici';

export interface GuardedFetch {
  /** As {@link guardedFetch}; single options can be replaced per call, `allow` and `resolve` not. */
  (
    url: string | URL,
    init?: GuardedInit,
    o?: Partial<Pick<GuardedFetchOptions, 'timeoutMs' | 'maxBytes' | 'https'>>,
  ): Promise<Response>;
  close(): Promise<void>;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * `fetch` for addresses that customers can name: webhooks, HTTP nodes, media URLs. Public internet and https only, except hosts in
 * `allow`; at most three redirects, each checked as if it were the first address, without credentials once the origin changes; limits on
 * time and size that hold until the body is read.
 *
 * Rejects with {@link OutboundError}; so does reading the body of the response. A status of 400 or more is an answer, not an error.
 * With `redirect: 'manual'` a redirect is an answer too.
 */
export async function guardedFetch(url: string | URL, init: GuardedInit, o: GuardedFetchOptions): Promise<Response> {
  const agent = createGuardedAgent({
    allow: o.allow,
    connectTimeoutMs: Math.min(o.timeoutMs, 10_000),
    resolve: o.resolve,
  });
  try {
    return await fetchThrough(agent, url, init, o);
  } finally {
    // Waits for the body in the background; the time limit ends that wait at the latest.
    agent.close().catch(() => agent.destroy());
  }
}

/** The same with connections kept alive between calls, for one sender that calls the same hosts again and again. */
export function createGuardedFetch(defaults: GuardedFetchOptions): GuardedFetch {
  const agent = createGuardedAgent({
    allow: defaults.allow,
    connectTimeoutMs: Math.min(defaults.timeoutMs, 10_000),
    resolve: defaults.resolve,
  });
  return Object.assign(
    (url: string | URL, init: GuardedInit = {}, o: Partial<GuardedFetchOptions> = {}) =>
      fetchThrough(agent, url, init, { ...defaults, ...o, allow: defaults.allow }),
    { close: () => agent.destroy() },
  );
}

async function fetchThrough(
  agent: Agent,
  url: string | URL,
  init: GuardedInit,
  o: GuardedFetchOptions,
): Promise<Response> {
  const deadline = AbortSignal.timeout(o.timeoutMs);
  const signal = init.signal ? AbortSignal.any([init.signal, deadline]) : deadline;
  let target = checkedUrl(url, o);
  let method = init.method ?? 'GET';
  let body = init.body ?? null;
  const headers = new Headers(init.headers);
  headers.delete('host');
  for (let hop = 0; ; hop += 1) {
    const response = await fetch(target, {
      method,
      headers,
      body,
      signal,
      redirect: 'manual',
      dispatcher: agent,
      ...(isStream(body) ? { duplex: 'half' } : {}),
    }).catch((error: unknown) => {
      throw outboundError(error, target.host, o.timeoutMs / 1000);
    });
    const location = response.headers.get('location');
    if (!REDIRECTS.has(response.status) || location === null || init.redirect === 'manual') {
      return limited(response, target, o);
    }
    await response.body?.cancel();
    if (init.redirect === 'error' || hop >= MAX_REDIRECTS) {
      throw new OutboundError('too_many_redirects', `${target.host} redirects too often: give the final address.`);
    }
    const next = checkedUrl(new URL(location, target), o);
    if (
      response.status === 303 ||
      ((response.status === 301 || response.status === 302) && method.toUpperCase() === 'POST')
    ) {
      // As browsers do (Fetch standard, HTTP-redirect fetch, step 12).
      if (method.toUpperCase() !== 'HEAD') method = 'GET';
      body = null;
      for (const name of ['content-type', 'content-length', 'content-encoding', 'content-language'])
        headers.delete(name);
    } else if (isStream(body)) {
      throw new OutboundError(
        'redirect_body',
        `${target.host} redirects, and the body cannot be sent twice: give the final address.`,
      );
    }
    if (next.origin !== target.origin) keepHarmless(headers);
    target = next;
  }
}

/** Secrets were meant for the origin they were configured for, in whatever header they are. */
function keepHarmless(headers: Headers): void {
  const harmless = new Set(['accept', 'accept-language', 'accept-encoding', 'content-type', 'range', 'user-agent']);
  for (const name of [...headers.keys()]) if (!harmless.has(name)) headers.delete(name);
}

function checkedUrl(input: string | URL, o: GuardedFetchOptions): URL {
  if (!URL.canParse(String(input)))
    throw new OutboundError('invalid_url', 'This is not a valid URL: write it in full, beginning with https://.');
  const url = new URL(input);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new OutboundError('invalid_url', `Only https addresses can be called, not ${url.protocol}.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundError(
      'invalid_url',
      'The address carries a user name or password: send them in a header instead.',
    );
  }
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  if (url.protocol === 'http:' && o.https !== false && !isAllowed(url.hostname, port, o.allow)) {
    throw new OutboundError('https_required', `${url.host} must be called by https.`);
  }
  return url;
}

/** The response with a body that ends in an error past the limits. */
function limited(response: Response, url: URL, o: GuardedFetchOptions): Response {
  const tooLarge = (): OutboundError =>
    new OutboundError('too_large', `The answer of ${url.host} is larger than ${o.maxBytes} bytes.`);
  if (Number(response.headers.get('content-length') ?? 0) > o.maxBytes) {
    void response.body?.cancel();
    throw tooLarge();
  }
  if (response.body === null) return response;
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  let received = 0;
  const capped = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        received += value.byteLength;
        if (received > o.maxBytes) throw tooLarge();
        controller.enqueue(value);
      } catch (error) {
        controller.error(outboundError(error, url.host, o.timeoutMs / 1000));
        await reader.cancel().catch(() => {});
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const answer = new Response(capped, {
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
  });
  return Object.defineProperty(answer, 'url', { value: url.href });
}

function isStream(body: BodyInit | null): boolean {
  if (body === null || typeof body === 'string' || body instanceof URLSearchParams || body instanceof FormData)
    return false;
  return !(body instanceof Blob || body instanceof ArrayBuffer || ArrayBuffer.isView(body));
}
