import type { FailureKind, FailureReason, RateScope } from '../failure.ts';

export interface GraphErrorMeaning {
  kind: FailureKind;
  reason: FailureReason;
  /** What happened and what to do, for an agent or an admin. */
  words: string;
  retryAfterMs?: number;
  scope?: RateScope;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const renew = 'Open Settings, Channels, and reconnect the channel with a new token (system user, expiration “Never”).';
const grant =
  'In Meta Business Settings assign the WhatsApp account to the system user with full control and generate the token anew.';
const oneParameterEach = 'Give one value for every variable of the template, in order, and none more.';

/**
 * Meta's error codes and what they mean to us. Codes: “Error codes” of the WhatsApp Business Platform (link in
 * README.md) and spec/channels-webhooks.md D6. Code 200 to 299 and the subcodes of 100 are handled in `classify.ts`.
 */
export const graphErrors: Readonly<Record<number, GraphErrorMeaning>> = {
  // Access
  0: { kind: 'auth', reason: 'auth_expired', words: `Meta does not accept the channel's access token. ${renew}` },
  3: {
    kind: 'auth',
    reason: 'permission_missing',
    words: `The access token may not do this (capability or permission). ${grant}`,
  },
  10: { kind: 'auth', reason: 'permission_missing', words: `The permission was not given or was taken away. ${grant}` },
  102: { kind: 'auth', reason: 'auth_expired', words: `The session behind the access token has ended. ${renew}` },
  104: { kind: 'auth', reason: 'auth_expired', words: `The request carried no access token that Meta knows. ${renew}` },
  190: {
    kind: 'auth',
    reason: 'auth_expired',
    words: `The channel's access token has expired or was revoked. ${renew}`,
  },
  131005: { kind: 'auth', reason: 'permission_missing', words: `Meta denies access to this number. ${grant}` },
  33: {
    kind: 'auth',
    reason: 'object_missing',
    words: 'The business number does not exist any more. Check the Phone Number ID of the channel.',
  },

  // The account
  368: {
    kind: 'auth',
    reason: 'account_restricted',
    words:
      'Meta has restricted this WhatsApp account for breaking a policy. See WhatsApp Manager, Account quality, and appeal there.',
  },
  130497: {
    kind: 'permanent',
    reason: 'country_restricted',
    words: 'This business may not message customers in this country. Reach the customer by another channel.',
  },
  131031: {
    kind: 'auth',
    reason: 'account_restricted',
    words:
      'Meta has locked this WhatsApp account. Look in WhatsApp Manager for the reason, and check the two-step PIN.',
  },
  131037: {
    kind: 'auth',
    reason: 'account_misconfigured',
    words:
      'The display name of this number is not approved yet. Wait for the approval in WhatsApp Manager or correct the name.',
  },
  131042: {
    kind: 'auth',
    reason: 'payment_issue',
    words:
      'Meta cannot charge this account. Check the payment method, credit line, time zone and currency in WhatsApp Manager.',
  },
  131045: {
    kind: 'auth',
    reason: 'account_misconfigured',
    words: 'The number is not registered properly at Meta. Register it again in WhatsApp Manager.',
  },
  131057: {
    kind: 'transient',
    reason: 'account_maintenance',
    words: 'The number is in maintenance, for instance while its throughput is raised. It is tried again.',
    retryAfterMs: MINUTE,
  },
  133004: { kind: 'transient', reason: 'provider_unavailable', words: 'Meta is unavailable. It is tried again.' },
  133005: {
    kind: 'auth',
    reason: 'account_misconfigured',
    words: 'The two-step verification PIN is wrong. Set it again in WhatsApp Manager.',
  },
  133010: {
    kind: 'auth',
    reason: 'account_misconfigured',
    words: 'The number is not registered on the Cloud API. Register it in WhatsApp Manager, then test the channel.',
  },
  134011: {
    kind: 'auth',
    reason: 'account_misconfigured',
    words: 'The terms of WhatsApp payments are not accepted for this account. Accept them in WhatsApp Manager.',
  },

  // Speed
  4: {
    kind: 'rate_limited',
    reason: 'rate_limited',
    scope: 'app',
    retryAfterMs: MINUTE,
    words: 'The app has made too many calls to Meta. Sending goes on in a moment.',
  },
  17: {
    kind: 'rate_limited',
    reason: 'rate_limited',
    scope: 'app',
    retryAfterMs: MINUTE,
    words: 'The user behind the token has made too many calls to Meta. Sending goes on in a moment.',
  },
  613: {
    kind: 'rate_limited',
    reason: 'rate_limited',
    scope: 'app',
    retryAfterMs: MINUTE,
    words: 'Too many calls of this kind to Meta. Sending goes on in a moment.',
  },
  80007: {
    kind: 'rate_limited',
    reason: 'rate_limited',
    scope: 'account',
    retryAfterMs: MINUTE,
    words: 'The WhatsApp account has reached its rate limit at Meta. Sending goes on in a moment.',
  },
  80008: {
    kind: 'rate_limited',
    reason: 'rate_limited',
    scope: 'account',
    retryAfterMs: MINUTE,
    words: 'Too many calls for this WhatsApp account. They go on in a moment.',
  },
  130429: {
    kind: 'rate_limited',
    reason: 'rate_limited',
    scope: 'sender',
    retryAfterMs: SECOND,
    words: 'This number sends faster than Meta allows. Sending slows down and goes on.',
  },
  131048: {
    kind: 'rate_limited',
    reason: 'spam_limited',
    scope: 'sender',
    retryAfterMs: HOUR,
    words:
      'Meta limits this number because customers blocked or reported it. Send less and look at its quality in WhatsApp Manager.',
  },
  131056: {
    kind: 'rate_limited',
    reason: 'rate_limited',
    scope: 'recipient',
    retryAfterMs: 6 * SECOND,
    words: 'Too many messages to this customer in a short time. The next one goes out in a few seconds.',
  },
  133016: {
    kind: 'rate_limited',
    reason: 'rate_limited',
    scope: 'sender',
    retryAfterMs: HOUR,
    words: 'The number was registered too often. Meta allows it again later.',
  },

  // The recipient
  130472: {
    kind: 'permanent',
    reason: 'marketing_limited',
    words: 'Meta holds marketing messages back from this customer (experiment). A reply of the customer lifts it.',
  },
  131021: {
    kind: 'permanent',
    reason: 'recipient_invalid',
    words: 'The recipient is the sending number itself. Choose another recipient.',
  },
  131026: {
    kind: 'permanent',
    reason: 'recipient_unreachable',
    words:
      'The message cannot reach this number: it may not be on WhatsApp, use an old version, or not have accepted the terms. Check the number or use another channel.',
  },
  131030: {
    kind: 'permanent',
    reason: 'recipient_not_allowed',
    words:
      'A test number only reaches recipients on its list. Add this one in App Dashboard, WhatsApp, API Setup, or use a real number.',
  },
  131047: {
    kind: 'permanent',
    reason: 'window_closed',
    words: 'More than 24 hours have passed since the customer last wrote. Send an approved template instead.',
  },
  131049: {
    kind: 'permanent',
    reason: 'marketing_limited',
    words:
      'Meta chose not to deliver this marketing message, because the customer already gets many. Try again another day.',
  },
  131050: {
    kind: 'permanent',
    reason: 'recipient_opted_out',
    words: 'The customer has stopped marketing messages of this business. Do not send more of them.',
  },
  131062: {
    kind: 'permanent',
    reason: 'recipient_invalid',
    words: 'This kind of message cannot be sent to a user id. Ask the customer for the phone number.',
  },

  // The message
  100: {
    kind: 'permanent',
    reason: 'message_invalid',
    words: 'Meta does not accept a part of this message. The detail names it.',
  },
  131008: {
    kind: 'permanent',
    reason: 'message_invalid',
    words: 'A required part of the message is missing. The detail names it.',
  },
  131009: {
    kind: 'permanent',
    reason: 'message_invalid',
    words: 'A value in the message is not valid. The detail names it.',
  },
  131051: {
    kind: 'permanent',
    reason: 'message_unsupported',
    words: 'WhatsApp does not take this type of message. Send it in another form.',
  },
  131052: {
    kind: 'permanent',
    reason: 'media_missing',
    words: 'The file that the customer sent could not be fetched. Ask the customer to send it again.',
  },
  131053: {
    kind: 'permanent',
    reason: 'media_rejected',
    words:
      'Meta could not take over the file. Check its type, its size and, when it is sent by address, that Meta can reach it.',
  },
  131055: { kind: 'permanent', reason: 'message_unsupported', words: 'This call is not allowed for this number.' },
  131060: {
    kind: 'permanent',
    reason: 'message_unsupported',
    words: 'WhatsApp could not provide this message. Ask the customer to send it again.',
  },
  134100: { kind: 'permanent', reason: 'message_invalid', words: 'Only marketing templates can be sent this way.' },
  135000: {
    kind: 'permanent',
    reason: 'message_invalid',
    words: 'Meta refused the message without saying why. Check its parts against the detail.',
  },

  // Templates and forms
  132000: {
    kind: 'permanent',
    reason: 'template_parameters',
    words: `The number of values does not fit the template. ${oneParameterEach}`,
  },
  132001: {
    kind: 'permanent',
    reason: 'template_missing',
    words:
      'There is no approved template of this name in this language. Check the name and the language, or synchronise the templates.',
  },
  132005: {
    kind: 'permanent',
    reason: 'template_parameters',
    words: 'With its values filled in, the template is too long. Shorten the values.',
  },
  132007: {
    kind: 'permanent',
    reason: 'template_policy',
    words: 'The content of the template breaks a WhatsApp policy. Change the template and submit it again.',
  },
  132008: {
    kind: 'permanent',
    reason: 'template_parameters',
    words: 'A value does not have the form that its variable needs.',
  },
  132012: {
    kind: 'permanent',
    reason: 'template_parameters',
    words: 'A value does not have the form that the template defines (text, file, currency, date).',
  },
  132015: {
    kind: 'permanent',
    reason: 'template_paused',
    words: 'Meta has paused this template for low quality. Use another one or improve it.',
  },
  132016: {
    kind: 'permanent',
    reason: 'template_disabled',
    words: 'Meta has disabled this template for good. Make a new one with other content.',
  },
  132018: {
    kind: 'permanent',
    reason: 'template_parameters',
    words: 'The values of the template are not valid. The detail names which.',
  },
  132068: {
    kind: 'permanent',
    reason: 'flow_unavailable',
    words: 'The form is blocked at Meta. Correct it in WhatsApp Manager.',
  },
  132069: {
    kind: 'rate_limited',
    reason: 'flow_unavailable',
    scope: 'account',
    retryAfterMs: HOUR,
    words: 'The form is throttled: Meta lets ten an hour through. Correct the form in WhatsApp Manager.',
  },
  134101: {
    kind: 'transient',
    reason: 'template_missing',
    retryAfterMs: 10 * MINUTE,
    words: 'The template is still being prepared at Meta. It is tried again.',
  },
  134102: {
    kind: 'permanent',
    reason: 'template_missing',
    words: 'The template cannot be used for this. Choose another one.',
  },

  // Meta itself
  1: {
    kind: 'transient',
    reason: 'provider_unavailable',
    words: 'Meta answered with an unknown error. It is tried again.',
  },
  2: { kind: 'transient', reason: 'provider_unavailable', words: 'Meta is overloaded or down. It is tried again.' },
  131000: {
    kind: 'transient',
    reason: 'provider_unavailable',
    words: 'Something went wrong at Meta. It is tried again.',
  },
  131016: {
    kind: 'transient',
    reason: 'provider_unavailable',
    words: 'A service of Meta is unavailable. It is tried again.',
  },
  2494100: {
    kind: 'transient',
    reason: 'account_maintenance',
    words: 'The number is being upgraded at Meta. It is tried again.',
    retryAfterMs: MINUTE,
  },
};
