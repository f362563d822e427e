import type { ApiError, Logger, Tokens } from '@connectgain/http';
import type { Pool } from './database.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { Mailer } from './mail/mailer.ts';
import type { PasswordsOptions } from './passwords.ts';

/** What the composition root decides. Everything optional has a default that is safe for a server on the internet. */
export interface AuthOptions {
  database: { owner: Pool };
  tokens: Tokens;
  /** At least 32 bytes, the same on every node: keys for refresh tokens and mailed codes are derived from it. */
  secret: string;
  /** Where this API is reached from outside, without `/auth/v1`: links in mails begin with it. */
  publicUrl: string;
  mailer: Mailer;
  /** True: an account counts as confirmed when it is made. For instances that cannot send mail. */
  autoConfirm: boolean;
  log: Logger;
  /** The web app, when it is not at `publicUrl`. Links end there. */
  siteUrl?: string;
  /** Other places that links may end: `https://*.example.com/**`, `myapp://**`. See `redirects.ts`. */
  redirectAllow?: readonly string[];
  /** The name in mails; ConnectGain when absent. */
  siteName?: string;
  /** Accounts are made by administrators and invitations only. */
  disableSignup?: boolean;
  /** A new e-mail address must be agreed to from the old mailbox too; true when absent. */
  secureEmailChange?: boolean;
  /** Seconds; 3600 when absent. */
  accessTokenSeconds?: number;
  /** Seconds in which a refresh token that was used already still gets its successor; 10 when absent. */
  refreshReuseSeconds?: number;
  /** 8 when absent. */
  passwordMinLength?: number;
  passwords?: PasswordsOptions;
  limits?: Partial<Limits>;
  /** Path under which the routes are mounted; `/auth/v1` when absent. */
  mountPath?: string;
  /** Asked after the credentials were right and before a session is given or refreshed; an error refuses it. */
  canSignIn?(userId: string): Promise<ApiError | null>;
  /** Further claims for the access token, such as `organization_id`. Claims that identify the session are not replaced. */
  accessTokenHook?(userId: string): Promise<Record<string, unknown>>;
}

/** The plain values among the options, defaults filled in. */
export interface AuthSettings {
  publicUrl: string;
  siteUrl: string;
  /** `publicUrl` + `mountPath`. */
  apiUrl: string;
  redirectAllow: readonly string[];
  siteName: string;
  autoConfirm: boolean;
  disableSignup: boolean;
  secureEmailChange: boolean;
  accessTokenSeconds: number;
  refreshReuseSeconds: number;
  passwordMinLength: number;
  limits: Limits;
}

export function resolveSettings(o: AuthOptions): AuthSettings {
  const publicUrl = o.publicUrl.replace(/\/+$/, '');
  return {
    publicUrl,
    siteUrl: (o.siteUrl ?? publicUrl).replace(/\/+$/, ''),
    apiUrl: publicUrl + (o.mountPath ?? '/auth/v1'),
    redirectAllow: o.redirectAllow ?? [],
    siteName: o.siteName ?? 'ConnectGain',
    autoConfirm: o.autoConfirm,
    disableSignup: o.disableSignup ?? false,
    secureEmailChange: o.secureEmailChange ?? true,
    accessTokenSeconds: o.accessTokenSeconds ?? 3600,
    refreshReuseSeconds: o.refreshReuseSeconds ?? 10,
    passwordMinLength: o.passwordMinLength ?? 8,
    limits: { ...DEFAULT_LIMITS, ...o.limits },
  };
}
