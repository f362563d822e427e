import { createHmac, randomBytes } from 'node:crypto';
import { encryptSecret } from '@connectgain/http';
import type { Customer, GraphSimulator } from '@connectgain/testing/simulators/graph/index.ts';
import { type AccountSources, loadAccount } from '../messaging/accounts/loadAccount.ts';
import type { Queryable } from '../messaging/queryable.ts';

/** One app of the simulated provider signs all webhooks of this instance; its secret follows from the instance's own. */
export function sandboxAppSecret(jwtSecret: string): string {
  return createHmac('sha256', jwtSecret).update('sandbox app secret').digest('hex');
}

export interface SandboxAccountsOptions {
  db: Queryable;
  simulator: GraphSimulator;
  sources: AccountSources;
  appSecret: string;
}

export interface SandboxAccounts {
  /** Makes the simulator know all sandbox accounts of the database and when their customers last wrote. */
  restore(): Promise<void>;
  /** The organization's sandbox account of a type, made on the first call. */
  connect(organizationId: string, type: 'WHATSAPP_CLOUD' | 'WEB_CHAT'): Promise<{ id: string; created: boolean }>;
  /** A customer's phone at one of the organization's accounts; undefined when that is no sandbox WhatsApp account of theirs. */
  phone(organizationId: string, accountId: string, waId: string, name?: string): Promise<Customer | undefined>;
}

export function createSandboxAccounts(o: SandboxAccountsOptions): SandboxAccounts {
  async function register(accountId: string): Promise<ReturnType<GraphSimulator['addAccount']> | undefined> {
    const account = await loadAccount(o.db, accountId, o.sources);
    if (!account?.isSandbox || account.type !== 'WHATSAPP_CLOUD') return undefined;
    const phoneNumberId = String(account.settings.phone_number_id ?? '');
    const wabaId = String(account.settings.waba_id ?? '');
    const known = o.simulator.world.numbers.get(phoneNumberId);
    const waba = o.simulator.world.wabas.get(wabaId);
    const accessToken = account.secrets.access_token ?? '';
    if (known && waba) return { number: known, waba, accessToken };
    return o.simulator.addAccount({
      phoneNumberId,
      wabaId,
      accessToken,
      displayNumber: String(account.settings.display_phone_number ?? '').replaceAll(/\D/g, ''),
      name: account.name,
    });
  }

  async function restore(): Promise<void> {
    const { rows } = await o.db.query<{ id: string }>(
      `select id from public.channel_accounts where is_sandbox and type = 'WHATSAPP_CLOUD' and is_active`,
    );
    for (const { id } of rows) {
      const registered = await register(id);
      if (!registered) continue;
      const people = await o.db.query<{ external_id: string; full_name: string; last_inbound_at: Date }>(
        `select i.external_id, p.full_name, c.last_inbound_at
         from public.conversations c
         join public.contacts p on p.id = c.contact_id
         join public.contact_identities i on i.contact_id = p.id and i.channel_type = 'WHATSAPP_CLOUD'
         where c.channel_account_id = $1 and c.last_inbound_at is not null`,
        [id],
      );
      for (const person of people.rows) {
        const customer = o.simulator.customer({ waId: person.external_id, name: person.full_name }, registered);
        customer.person.lastWroteAt.set(registered.number.id, person.last_inbound_at.getTime());
      }
    }
  }

  return {
    restore,
    async connect(organizationId, type) {
      const existing = await o.db.query<{ id: string }>(
        'select id from public.channel_accounts where organization_id = $1 and type = $2 and is_sandbox and is_active limit 1',
        [organizationId, type],
      );
      if (existing.rows[0]) return { id: existing.rows[0].id, created: false };
      const { rows } = await o.db.query<{ id: string }>(
        `insert into public.channel_accounts (organization_id, name, type, settings, is_sandbox, connection_status, connected_at)
         values ($1, $2, $3, $4, true, 'CONNECTED', now()) returning id`,
        [organizationId, type === 'WEB_CHAT' ? 'Website chat' : 'Sandbox WhatsApp', type, settingsFor(type, o)],
      );
      const id = rows[0]?.id;
      if (id === undefined) throw new Error('The sandbox channel was not created.');
      if (type === 'WHATSAPP_CLOUD') await register(id);
      return { id, created: true };
    },
    async phone(organizationId, accountId, waId, name) {
      const owned = await o.db.query(
        `select 1 from public.channel_accounts where id = $1 and organization_id = $2 and is_sandbox and type = 'WHATSAPP_CLOUD'`,
        [accountId, organizationId],
      );
      const registered = owned.rowCount ? await register(accountId) : undefined;
      return registered && o.simulator.customer({ waId, ...(name === undefined ? {} : { name }) }, registered);
    },
  };
}

/** Fifteen digits that no provider has given to anybody, like those that Meta shows. */
function digits(): string {
  return `99${BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString()
    .padStart(13, '0')
    .slice(0, 13)}`;
}

function settingsFor(type: 'WHATSAPP_CLOUD' | 'WEB_CHAT', o: SandboxAccountsOptions): Record<string, unknown> {
  if (type === 'WEB_CHAT') return { title: 'Chat with us', greeting: 'Hi! How can we help?', allowed_origins: [] };
  const seal = (text: string) => encryptSecret(o.sources.secretsKey, text);
  return {
    phone_number_id: digits(),
    waba_id: digits(),
    display_phone_number: `+1555${digits().slice(2, 9)}`,
    verify_token: `sandbox-${randomBytes(8).toString('hex')}`,
    access_token: seal(`sandbox-${randomBytes(24).toString('base64url')}`),
    app_secret: seal(o.appSecret),
  };
}
