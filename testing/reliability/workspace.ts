import { createTokens, encryptSecret } from '@connectgain/http';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import type pg from 'pg';
import { type SignedIn, signUp } from '../server.ts';
import type { GraphSimulator } from '../simulators/graph/index.ts';
import { testSecret } from '../testServer.ts';
import { secretsKey } from './node.ts';

/** The instance's public key, the same on every node and in every life. */
export const anonKey = await createTokens({ secret: testSecret, issuer: 'connectgain' }).signKey('anon');

export function clientOf(url: string): SupabaseClient {
  return createClient(url, anonKey, { auth: { persistSession: false, autoRefreshToken: false } });
}

export const appSecret = 'app-secret-of-the-provider';

/** An organization with a WhatsApp channel, made through the node at `url`. */
export interface Workspace {
  owner: SignedIn;
  accountId: string;
  phoneNumberId: string;
}

export async function createWorkspace(
  url: string,
  pool: pg.Pool,
  account?: GraphSimulator['account'],
): Promise<Workspace> {
  const owner = await signUp(clientOf(url), 'Acme');
  const phoneNumberId = account?.number.id ?? '106540352242922';
  const seal = (text: string) => encryptSecret(secretsKey, text);
  const { rows } = await pool.query<{ id: string }>(
    `insert into public.channel_accounts (organization_id, name, type, settings, is_sandbox)
     values ($1, 'WhatsApp', 'WHATSAPP_CLOUD', $2, $3) returning id`,
    [
      owner.organizationId,
      {
        phone_number_id: phoneNumberId,
        waba_id: account?.waba.id ?? '102290129340398',
        access_token: seal(account?.accessToken ?? 'EAAG-unused'),
        app_secret: seal(appSecret),
      },
      account !== undefined,
    ],
  );
  return { owner, accountId: rows[0]?.id ?? '', phoneNumberId };
}
