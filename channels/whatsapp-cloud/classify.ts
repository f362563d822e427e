import type { ChannelFailure } from '../failure.ts';
import { asList, asNumber, asObject, asText, isObject } from '../readJson.ts';
import { type GraphErrorMeaning, graphErrors } from './errorTable.ts';

/** Longest wait that a header can impose on us; beyond it a person should look. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

function meaningOf(code: number, subcode: number | undefined, message: string): GraphErrorMeaning | undefined {
  if (code === 100 && subcode === 33) {
    return {
      kind: 'auth',
      reason: 'object_missing',
      words:
        'The access token has no access to this number or account, or it does not exist. Assign the WhatsApp account to the system user of the token, and check the ids.',
    };
  }
  if (code === 100 && /nonexisting field/i.test(message)) {
    return {
      kind: 'auth',
      reason: 'account_misconfigured',
      words:
        'One of the ids belongs to something else, such as a page or a user. Copy the WABA ID and the Phone Number ID from App Dashboard, WhatsApp, API Setup.',
    };
  }
  if (code >= 200 && code <= 299) return graphErrors[10];
  return graphErrors[code];
}

function meaningOfStatus(status: number): GraphErrorMeaning {
  if (status === 401) return graphErrors[190] ?? unknown('auth');
  if (status === 403) return graphErrors[10] ?? unknown('auth');
  if (status === 429) return graphErrors[130429] ?? unknown('rate_limited');
  if (status === 408 || status >= 500) return graphErrors[2] ?? unknown('transient');
  return unknown('permanent');
}

function unknown(kind: GraphErrorMeaning['kind']): GraphErrorMeaning {
  return {
    kind,
    reason: 'unknown',
    words: 'Meta refused the message for a reason that is not known here. The detail says more.',
  };
}

/** `Retry-After` in seconds, or the estimate in Meta's business use case header, in milliseconds. */
export function retryAfterFrom(headers: { get(name: string): string | null }): number | undefined {
  const seconds = asNumber(headers.get('retry-after') ?? undefined);
  if (seconds !== undefined && seconds > 0) return Math.min(seconds * 1000, MAX_RETRY_AFTER_MS);
  const usage = headers.get('x-business-use-case-usage');
  if (usage === null) return undefined;
  try {
    const parsed: unknown = JSON.parse(usage);
    const minutes = Object.values(asObject(parsed))
      .flatMap(asList)
      .map((entry) => asNumber(asObject(entry).estimated_time_to_regain_access) ?? 0);
    const longest = Math.max(0, ...minutes);
    return longest > 0 ? Math.min(longest * 60_000, MAX_RETRY_AFTER_MS) : undefined;
  } catch {
    // The header is a hint; unreadable, it says nothing.
    return undefined;
  }
}

/** One error object as Graph answers and webhooks carry it: `{code, message, title, error_subcode, error_data:{details}, fbtrace_id}`. */
function failureOf(error: unknown, fallbackStatus: number): ChannelFailure {
  const fields = asObject(error);
  const code = asNumber(fields.code);
  const subcode = asNumber(fields.error_subcode);
  const message = asText(fields.message) ?? asText(fields.title) ?? '';
  const details = asText(asObject(fields.error_data).details);
  const known = code === undefined ? undefined : meaningOf(code, subcode, message);
  // Meta's `is_transient` decides only where the code is unknown to us.
  const byFlag = fields.is_transient === true ? graphErrors[2] : undefined;
  const meaning = known ?? byFlag ?? meaningOfStatus(fallbackStatus);
  const detail = [message, details].filter((text) => text !== undefined && text !== '').join(': ');
  return {
    kind: meaning.kind,
    reason: meaning.reason,
    words: meaning.words,
    code: code === undefined ? `http_${fallbackStatus}` : subcode === undefined ? `${code}` : `${code}/${subcode}`,
    ...(detail === '' ? {} : { detail }),
    ...(meaning.retryAfterMs === undefined ? {} : { retryAfterMs: meaning.retryAfterMs }),
    ...(meaning.scope === undefined ? {} : { scope: meaning.scope }),
    ...(asText(fields.fbtrace_id) === undefined ? {} : { traceId: asText(fields.fbtrace_id) }),
  };
}

/**
 * Classifies an answer of the Graph API that is not a success. The body may be anything: Meta's envelope, a proxy's
 * HTML, nothing at all.
 */
export function classifyAnswer(
  status: number,
  body: unknown,
  headers: { get(name: string): string | null },
): ChannelFailure {
  const envelope = asObject(body).error;
  const failure = failureOf(isObject(envelope) ? envelope : {}, status);
  const wait = failure.kind === 'rate_limited' || failure.kind === 'transient' ? retryAfterFrom(headers) : undefined;
  return {
    ...failure,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    // After a 5xx nobody knows how far Meta got; a refusal in the envelope of a 4xx was made before anything was sent.
    ...(failure.kind === 'transient' && status >= 500 ? { mayHaveArrived: true } : {}),
  };
}

/** The first error of a webhook's `errors` list; undefined when there is none. */
export function classifyWebhookErrors(errors: unknown): ChannelFailure | undefined {
  const first = asList(errors).find(isObject);
  return first === undefined ? undefined : failureOf(first, 400);
}
