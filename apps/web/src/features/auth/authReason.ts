import type { AuthError } from '@supabase/supabase-js';
import type { TFunction } from 'i18next';

/** Why signing in or up did not work, in the user's language; the server's own sentence for what we have no words for. */
export function authReason(error: Pick<AuthError, 'message' | 'status' | 'code'>, t: TFunction): string {
  switch (error.code) {
    case 'invalid_credentials':
      return t('auth.error.credentials');
    case 'email_not_confirmed':
      return t('auth.error.unconfirmed');
    case 'user_already_exists':
    case 'email_exists':
      return t('auth.error.exists');
    case 'weak_password':
      return t('auth.error.weak');
    case 'user_banned':
      return t('auth.error.banned');
    case 'signup_disabled':
      return t('auth.error.closed');
    case 'over_request_rate_limit':
    case 'over_email_send_rate_limit':
      return t('auth.error.tooMany');
    default:
      return error.status === undefined || error.status === 0 ? t('auth.error.offline') : error.message;
  }
}
