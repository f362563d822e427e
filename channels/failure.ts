/**
 * What may go wrong between us and a provider, as one catalogue for all channels. Callers branch on `kind` (what to do
 * with the job) and `reason` (what to tell the user, translatable); `code` is the provider's own and only for support.
 */

/**
 * - `permanent`: this message will never go through as it is; do not retry.
 * - `transient`: the provider or the network failed; retry with backoff.
 * - `rate_limited`: too fast; retry after `retryAfterMs`, and slow down whatever `scope` names.
 * - `auth`: the account itself is refused; stop sending on it and tell the admins how to reconnect.
 */
export type FailureKind = 'permanent' | 'transient' | 'rate_limited' | 'auth';

export type FailureReason =
  | 'window_closed'
  | 'recipient_unreachable'
  | 'recipient_invalid'
  | 'recipient_not_allowed'
  | 'recipient_opted_out'
  | 'country_restricted'
  | 'rate_limited'
  | 'spam_limited'
  | 'marketing_limited'
  | 'auth_expired'
  | 'permission_missing'
  | 'object_missing'
  | 'account_misconfigured'
  | 'account_restricted'
  | 'account_maintenance'
  | 'payment_issue'
  | 'template_missing'
  | 'template_parameters'
  | 'template_paused'
  | 'template_disabled'
  | 'template_policy'
  | 'flow_unavailable'
  | 'media_rejected'
  | 'media_missing'
  | 'media_too_large'
  | 'message_invalid'
  | 'message_unsupported'
  | 'provider_unavailable'
  | 'unreadable_answer'
  | 'network'
  | 'timeout'
  | 'malformed_payload'
  | 'unknown';

/** What a rate limit applies to: one recipient, one sending number/page, the provider account, or the whole app. */
export type RateScope = 'recipient' | 'sender' | 'account' | 'app';

export interface ChannelFailure {
  kind: FailureKind;
  reason: FailureReason;
  /** The provider's code, with its subcode as `100/33`; `http_502` when only the HTTP status is known. */
  code: string;
  /** One or two sentences for a person: what happened and what to do. Never holds a token or a customer's text. */
  words: string;
  /** The provider's own message, for the log and for support. */
  detail?: string;
  /** Wait at least this long before the next try, in milliseconds. */
  retryAfterMs?: number;
  scope?: RateScope;
  /**
   * The request may have been carried out although it failed (timeout, 5xx, unreadable answer): a retry can reach the
   * customer twice. A receipt that carries the message's `clientReference` settles it.
   */
  mayHaveArrived?: boolean;
  /** The provider's trace id, which its support asks for. */
  traceId?: string;
}

/** The only error that adapters throw. */
export class ChannelError extends Error {
  override readonly name = 'ChannelError';
  readonly failure: ChannelFailure;

  constructor(failure: ChannelFailure, options?: { cause?: unknown }) {
    super(failure.words, options);
    this.failure = failure;
  }
}

/** A message refused before anything was sent. `words` says what to change. */
export function invalidMessage(words: string): ChannelError {
  return new ChannelError({ kind: 'permanent', reason: 'message_invalid', code: 'invalid_message', words });
}

/** A webhook body that is not what the provider promises to send. */
export function malformedPayload(words: string, cause?: unknown): ChannelError {
  return new ChannelError(
    { kind: 'permanent', reason: 'malformed_payload', code: 'malformed_payload', words },
    { cause },
  );
}

/** A channel account that lacks a setting or a secret. */
export function misconfiguredAccount(words: string): ChannelError {
  return new ChannelError({ kind: 'auth', reason: 'account_misconfigured', code: 'misconfigured', words });
}
