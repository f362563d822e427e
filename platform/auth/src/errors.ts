import { ApiError, type ErrorExtras } from '@connectgain/http';

/**
 * The errors of this surface. Codes, statuses and, where clients compare them, sentences are GoTrue's
 * (https://supabase.com/docs/guides/auth/debugging/error-codes and supabase/auth internal/api/apierrors).
 */
function factory(status: number, code: string, sentence: string) {
  return (message: string = sentence, extras: ErrorExtras = {}): ApiError =>
    new ApiError({ status, code, message, ...extras });
}

export const validationFailed = factory(400, 'validation_failed', 'The request is not valid.');
export const invalidCredentials = factory(400, 'invalid_credentials', 'Invalid login credentials');
export const emailNotConfirmed = factory(400, 'email_not_confirmed', 'Email not confirmed');
export const userBanned = factory(400, 'user_banned', 'User is banned');
export const phoneProviderDisabled = factory(
  400,
  'phone_provider_disabled',
  'Phone logins are disabled: use an e-mail.',
);
export const refreshTokenNotFound = factory(
  400,
  'refresh_token_not_found',
  'Invalid Refresh Token: Refresh Token Not Found',
);
export const refreshTokenAlreadyUsed = factory(
  400,
  'refresh_token_already_used',
  'Invalid Refresh Token: Already Used',
);
export const sessionExpired = factory(400, 'session_expired', 'Invalid Refresh Token: Session Expired');
export const noAuthorization = factory(401, 'no_authorization', 'This endpoint requires a valid Bearer token');
export const badJwt = factory(403, 'bad_jwt', 'invalid JWT: unable to parse or verify signature');
export const notAdmin = factory(403, 'not_admin', 'User not allowed');
export const sessionNotFound = factory(403, 'session_not_found', 'Session from session_id claim in JWT does not exist');
export const tokenUserNotFound = factory(403, 'user_not_found', 'User from sub claim in JWT does not exist');
export const otpExpired = factory(403, 'otp_expired', 'Token has expired or is invalid');
export const userNotFound = factory(404, 'user_not_found', 'User not found');
export const userAlreadyExists = factory(422, 'user_already_exists', 'User already registered');
export const emailExists = factory(422, 'email_exists', 'A user with this email address has already been registered');
export const phoneExists = factory(422, 'phone_exists', 'A user with this phone number has already been registered');
export const samePassword = factory(422, 'same_password', 'New password should be different from the old password.');
export const signupDisabled = factory(422, 'signup_disabled', 'Signups not allowed for this instance');
export const anonymousProviderDisabled = factory(
  422,
  'anonymous_provider_disabled',
  'Anonymous sign-ins are disabled: send an email and a password.',
);

/** Why a password was refused, in the terms of auth-js: `length`, `characters`, `pwned`. */
export type WeakPasswordReason = 'length' | 'characters' | 'pwned';

/** 422 `weak_password`; the envelope carries `weak_password: {reasons}` besides. */
export function weakPassword(message: string, reasons: WeakPasswordReason[]): ApiError {
  return new ApiError({ status: 422, code: 'weak_password', message, details: { reasons } });
}

/** 429 with `Retry-After`. */
export function overRequestLimit(seconds: number): ApiError {
  const wait = Math.max(1, Math.ceil(seconds));
  return new ApiError({
    status: 429,
    code: 'over_request_rate_limit',
    message: `Request rate limit reached: try again in ${wait} ${wait === 1 ? 'second' : 'seconds'}.`,
    headers: { 'retry-after': String(wait) },
  });
}

/** 429 for mails, in GoTrue's sentence: clients read the number out of it. */
export function overMailLimit(seconds: number): ApiError {
  const wait = Math.max(1, Math.ceil(seconds));
  return new ApiError({
    status: 429,
    code: 'over_email_send_rate_limit',
    message: `For security purposes, you can only request this after ${wait} seconds.`,
    headers: { 'retry-after': String(wait) },
  });
}
