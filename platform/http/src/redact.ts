/**
 * Takes secrets out of what is logged or handed on. Two nets: names of fields (at any depth) and the look of values inside text (JWTs, API
 * keys, bearer tokens, passwords in connection strings and query strings).
 */
const CENSOR = '[redacted]';

/** Compared without case, `-` and `_`, so `x-api-key`, `xApiKey` and `X_API_KEY` are one name. */
const SENSITIVE_NAMES = new Set([
  'authorization',
  'proxyauthorization',
  'apikey',
  'xapikey',
  'cookie',
  'setcookie',
  'password',
  'newpassword',
  'currentpassword',
  'encryptedpassword',
  'passphrase',
  'token',
  'accesstoken',
  'refreshtoken',
  'providertoken',
  'providerrefreshtoken',
  'idtoken',
  'bottoken',
  'pagetoken',
  'pageaccesstoken',
  'verifytoken',
  'useraccesstoken',
  'systemusertoken',
  'confirmationtoken',
  'recoverytoken',
  'secret',
  'appsecret',
  'clientsecret',
  'webhooksecret',
  'signingsecret',
  'jwtsecret',
  'apisecret',
  'authtoken',
  'privatekey',
  'secretkey',
  'servicerolekey',
  'anonkey',
  'encryptionkey',
  'smtppass',
  'pass',
  'credentials',
  'totp',
  'otp',
]);

/** True for the name of a field whose value is a secret. */
export function isSensitiveName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[-_.]/g, '');
  return SENSITIVE_NAMES.has(plain) || /(secret|password|accesstoken|refreshtoken|apikey|privatekey)$/.test(plain);
}

const NAMED_VALUE =
  /((?:^|[?&;,\s"'{\\>]|%3E)(?:[a-z0-9]+[-_.])*(?:api[-_]?key|access[-_]?token|refresh[-_]?token|id[-_]?token|token|password|secret|signature|verify_token|code_verifier|jwt))(\\?["']?\s*[=:]\s*\\?["']?)([^&\s"'\\,;}<]+)/gi;
/** `"name":` and then no quote: a number, boolean or null of the JSON line itself, which the field net has seen already. */
const JSON_LITERAL_FOLLOWS = /^"\s*:\s*$/;
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi;
const JWT = /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g;
const PRODUCT_KEY = /\bcg_[A-Za-z0-9_-]{6,}/g;
const URL_PASSWORD = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/?#@"']*):[^\s/?#@"']+@/gi;
const WORTH_LOOKING = /ey[J]|bearer|basic|cg_|:\/\/|key|token|password|secret|signature|jwt/i;

/** `text` without the secrets that can be recognised by their look. Made for messages, URLs and stacks. */
export function redactText(text: string): string {
  if (!WORTH_LOOKING.test(text)) return text;
  return text
    .replace(JWT, CENSOR)
    .replace(BEARER, `$1 ${CENSOR}`)
    .replace(PRODUCT_KEY, `cg_${CENSOR}`)
    .replace(URL_PASSWORD, `$1:${CENSOR}@`)
    .replace(NAMED_VALUE, (whole, name: string, separator: string) =>
      JSON_LITERAL_FOLLOWS.test(separator) ? whole : `${name}${separator}${CENSOR}`,
    );
}

const MAX_DEPTH = 12;

/**
 * A copy of plain objects and arrays with the value of every sensitive name replaced, at any depth. Strings are cleaned by
 * {@link redactText}. Instances of classes are left alone: the logger's serializers know them.
 */
export function redactSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (value === null || typeof value !== 'object') return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redactSecrets(item, depth + 1));
  if (value instanceof Headers || value instanceof Map) return redactSecrets(Object.fromEntries(value), depth + 1);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return redactFields(value, depth);
}

/** The top-level object of a log call: an index signature in and out. */
export function redactFields(fields: object, depth = 0): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(fields)) {
    const secret = isSensitiveName(name) && item !== null && item !== undefined && typeof item !== 'boolean';
    copy[name] = secret ? CENSOR : redactSecrets(item, depth + 1);
  }
  return copy;
}
