import type { ChannelType } from './channelType.ts';
import { misconfiguredAccount } from './failure.ts';

/**
 * One connected account as an adapter sees it: a row of `channel_accounts` with its secrets already decrypted.
 * Adapters never store it and never put a secret into an error or a log line.
 */
export interface ChannelAccount {
  id: string;
  type: ChannelType;
  /** `channel_accounts.settings`, public part. */
  settings: Readonly<Record<string, unknown>>;
  /** Decrypted secrets by field name. */
  secrets: Readonly<Record<string, string | undefined>>;
  /** Where the provider is reached instead of its public address: a simulator, a mock or a regional host. */
  baseUrl?: string;
}

/** One field of the connect form; forms, validation and the docs are made from it. */
export interface AccountField {
  name: string;
  label: string;
  help: string;
  required: boolean;
  /** Write-only: stored encrypted, never returned. */
  secret: boolean;
}

/**
 * Reads one setting or secret as text.
 * @throws ChannelError `account_misconfigured` that names the missing field
 */
export function requireField(account: ChannelAccount, field: AccountField): string {
  const value = field.secret ? account.secrets[field.name] : account.settings[field.name];
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && text.trim() !== '') return text.trim();
  throw misconfiguredAccount(
    `The channel has no ${field.label}. Open Settings, Channels, edit this channel and fill in “${field.label}”.`,
  );
}

/** Like `requireField`, but absence is an answer. */
export function optionalField(account: ChannelAccount, field: AccountField): string | undefined {
  const value = field.secret ? account.secrets[field.name] : account.settings[field.name];
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
