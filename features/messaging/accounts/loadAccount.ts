import type { ChannelAccount } from '@connectgain/channels/account.ts';
import { toChannelType } from '@connectgain/channels/channelType.ts';
import { decryptSecret } from '@connectgain/http';
import type { Queryable } from '../queryable.ts';

/** An account with what the product knows of it beside what an adapter needs. */
export interface LoadedAccount extends ChannelAccount {
  organizationId: string;
  name: string;
  routingKey: string | null;
  isActive: boolean;
  /** Speaks to the local provider simulator instead of the provider. */
  isSandbox: boolean;
}

export interface AccountSources {
  /** Opens `app.secrets`; see `encryptSecret` in platform/http. */
  secretsKey: string;
  /** Where the simulator of a sandbox account listens, by channel type; absent where there is no Sandbox. */
  sandboxUrl?: (type: string) => string | undefined;
}

interface AccountRow {
  id: string;
  organization_id: string;
  type: string;
  name: string;
  settings: Record<string, unknown>;
  routing_key: string | null;
  is_active: boolean;
  is_sandbox: boolean;
  secrets: Record<string, string> | null;
}

const columns = `a.id, a.organization_id, a.type, a.name, a.settings, a.routing_key, a.is_active, a.is_sandbox,
  (select jsonb_object_agg(s.key, s.sealed) from app.secrets s
   where s.owner_table = 'channel_accounts' and s.owner_id = a.id) as secrets`;

/** One account by id, secrets opened; undefined when it is gone. Runs as the system: adapters need the secrets. */
export async function loadAccount(
  db: Queryable,
  id: string,
  sources: AccountSources,
): Promise<LoadedAccount | undefined> {
  const { rows } = await db.query<AccountRow>(`select ${columns} from public.channel_accounts a where a.id = $1`, [id]);
  return rows[0] && toAccount(rows[0], sources);
}

/**
 * The account that a provider's webhook names. An inactive one is found too (its webhooks are verified but not stored); of
 * several with the same key the active one wins, which the unique index on active keys makes certain.
 */
export async function findAccountByRoutingKey(
  db: Queryable,
  type: string,
  routingKey: string,
  sources: AccountSources,
): Promise<LoadedAccount | undefined> {
  const { rows } = await db.query<AccountRow>(
    `select ${columns} from public.channel_accounts a where a.type = $1 and a.routing_key = $2
     order by a.is_active desc, a.created_at desc limit 1`,
    [type, routingKey],
  );
  return rows[0] && toAccount(rows[0], sources);
}

function toAccount(row: AccountRow, sources: AccountSources): LoadedAccount {
  const type = toChannelType(row.type);
  if (type === undefined) throw new Error(`channel_accounts.type has an unknown value: ${row.type}`);
  const secrets: Record<string, string> = {};
  for (const [key, sealed] of Object.entries(row.secrets ?? {})) {
    secrets[key] = decryptSecret(sources.secretsKey, sealed);
  }
  const baseUrl = row.is_sandbox ? sources.sandboxUrl?.(row.type) : undefined;
  return {
    id: row.id,
    organizationId: row.organization_id,
    type,
    name: row.name,
    settings: row.settings,
    secrets,
    routingKey: row.routing_key,
    isActive: row.is_active,
    isSandbox: row.is_sandbox,
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
}
