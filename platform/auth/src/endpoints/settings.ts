import type { FastifyInstance } from 'fastify';
import type { AuthContext } from '../context.ts';

/** Providers that GoTrue knows and its clients look for. */
const PROVIDERS = [
  'apple',
  'azure',
  'bitbucket',
  'discord',
  'facebook',
  'figma',
  'fly',
  'github',
  'gitlab',
  'google',
  'kakao',
  'keycloak',
  'linkedin',
  'linkedin_oidc',
  'notion',
  'slack',
  'slack_oidc',
  'spotify',
  'twitch',
  'twitter',
  'workos',
  'zoom',
];

/** `GET /settings`: which ways in are open, for sign-in pages. */
export function settingsRoute(app: FastifyInstance, ctx: AuthContext): void {
  const { settings } = ctx;
  const external: Record<string, boolean> = { anonymous_users: false, email: true, phone: false };
  for (const provider of PROVIDERS) external[provider] = false;
  app.get('/settings', async () => ({
    external,
    disable_signup: settings.disableSignup,
    mailer_autoconfirm: settings.autoConfirm,
    phone_autoconfirm: false,
    sms_provider: '',
    saml_enabled: false,
    password_min_length: settings.passwordMinLength,
  }));
}
