import type pg from 'pg';
import { seedConversations } from './conversations.ts';
import { seedCrm } from './crm.ts';
import { agents, owner } from './people.ts';
import { createRandom } from './random.ts';

export interface DemoOptions {
  /** Makes an account and returns its id; signing up creates its organization. Idempotent by e-mail address. */
  createUser: (user: {
    email: string;
    password: string;
    userMetadata: Record<string, unknown>;
    appMetadata?: Record<string, unknown>;
  }) => Promise<{ id: string }>;
  /** Seals the secrets of the sandbox channel for storage. */
  seal: (text: string) => string;
  /** The app secret with which the provider simulator signs. */
  sandboxAppSecret: string;
  now?: Date;
}

export interface DemoWorkspace {
  organizationId: string;
  email: string;
  password: string;
}

/** Printed at the start and offered on the log-in page of instances that run with DEMO=1. */
export const demoLogin = { email: owner.email, password: 'lumen-demo-2026' };

/** What the sandbox WhatsApp account of a workspace is called at the simulator. */
export const demoPhoneNumberId = '106540352242922';

/**
 * Seeds the demo workspace once: a shop with two agents, 320 contacts, conversations in English and Arabic, deals and
 * tasks. A start that was interrupted in the middle begins again from nothing, because rows are one transaction.
 */
export async function seedDemo(pool: pg.Pool, o: DemoOptions): Promise<DemoWorkspace> {
  const existing = await pool.query<{ id: string }>('select id from public.organizations where is_demo limit 1');
  if (existing.rows[0]) return { organizationId: existing.rows[0].id, ...demoLogin };

  const user = await o.createUser({
    ...demoLogin,
    userMetadata: {
      organization_name: 'Lumen Home',
      first_name: owner.firstName,
      last_name: owner.lastName,
      timezone: 'Africa/Cairo',
      currency: 'USD',
    },
  });
  const { rows } = await pool.query<{ organization_id: string }>(
    'select organization_id from public.profiles where id = $1',
    [user.id],
  );
  const organizationId = rows[0]?.organization_id;
  if (!organizationId) throw new Error('The demo account has no organization.');

  const team = [user.id];
  for (const agent of agents) {
    const created = await o.createUser({
      email: agent.email,
      password: demoLogin.password,
      userMetadata: { first_name: agent.firstName, last_name: agent.lastName },
      appMetadata: { invitation: { organization_id: organizationId, role: agent.role } },
    });
    team.push(created.id);
  }

  const client = await pool.connect();
  try {
    await client.query('begin');
    const random = createRandom(20_261_121);
    const now = o.now ?? new Date();
    const channels = await seedChannels(client, organizationId, o);
    const crm = await seedCrm(client, { organizationId, team, random, now });
    await seedConversations(client, { organizationId, team, random, now, contacts: crm.contactIds, channels });
    // Last, so that an interrupted seeding is not taken for a finished one.
    await client.query('update public.organizations set is_demo = true where id = $1', [organizationId]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
  return { organizationId, ...demoLogin };
}

export interface DemoChannels {
  whatsapp: string;
  webChat: string;
}

async function seedChannels(client: pg.PoolClient, organizationId: string, o: DemoOptions): Promise<DemoChannels> {
  const { rows } = await client.query<{ id: string; type: string }>(
    `insert into public.channel_accounts (organization_id, name, type, settings, is_sandbox, connection_status, connected_at)
     values ($1, 'Lumen WhatsApp', 'WHATSAPP_CLOUD', $2, true, 'CONNECTED', now()),
            ($1, 'Website chat', 'WEB_CHAT', $3, true, 'CONNECTED', now())
     returning id, type`,
    [
      organizationId,
      {
        phone_number_id: demoPhoneNumberId,
        waba_id: '102290129340398',
        display_phone_number: '+20 2 2461 7700',
        verify_token: `sandbox-${organizationId}`,
        access_token: o.seal(`sandbox-token-${demoPhoneNumberId}`),
        app_secret: o.seal(o.sandboxAppSecret),
      },
      { title: 'Lumen Home', greeting: 'Hi! How can we help?', color: '#5b5bd6', allowed_origins: [] },
    ],
  );
  const idOf = (type: string) => rows.find((row) => row.type === type)?.id ?? '';
  return { whatsapp: idOf('WHATSAPP_CLOUD'), webChat: idOf('WEB_CHAT') };
}
