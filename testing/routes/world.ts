import { createTokens, encryptSecret, type Tokens } from '@connectgain/http';
import { z } from 'zod';
import { testSecret } from '../database.ts';
import { type SignedIn, startTestServer, type TestServer } from '../server.ts';

export interface Route {
  method: string;
  path: string;
}

/** The running product with its Sandbox, two organizations, and a visitor of the chat widget. */
export interface RoutesWorld {
  server: TestServer;
  routes: readonly Route[];
  tokens: Tokens;
  acme: SignedIn;
  globex: SignedIn;
  /** A member whose account the sweep may sign out, rename and lock out. */
  victim: SignedIn;
  widgetKey: string;
  visitorToken: string;
  sandboxAccount: string;
  /** Rows of the other organization, by table. */
  foreign: { contact: string; conversation: string; message: string; channelAccount: string };
  /** What no answer may contain. */
  secrets: readonly string[];
  close(): Promise<void>;
}

/** App secret of the WhatsApp channel, which signs webhooks. */
export const appSecret = 'app-secret-of-the-route-sweep';
export const phoneNumberId = '106540352242999';

export async function createRoutesWorld(): Promise<RoutesWorld> {
  const found: Route[] = [];
  const server = await startTestServer({
    // Without jobs: what changes after a request is what the request did.
    env: { DEMO: '1', ROLE: 'api', TRUST_PROXY: '1', LOG_LEVEL: 'silent', RATE_LIMIT_KEY: '0' },
    onRoute: (method, path) => found.push({ method, path }),
  });
  const tokens = createTokens({ secret: testSecret, issuer: 'connectgain' });
  const { owner } = server.database;
  // Small tables are read in no time, which the sweep does after every request.
  await owner.query('delete from public.organizations where is_demo');
  await owner.query('delete from auth.users');

  const acme = await server.signUp('Acme');
  const globex = await server.signUp('Globex');
  const victim = await server.signUp('Initech');
  const one = async (text: string, values: unknown[]) =>
    (await owner.query<{ id: string }>(text, values)).rows[0]?.id ?? '';
  await one(
    `insert into public.channel_accounts (organization_id, name, type, settings) values ($1, 'WhatsApp', 'WHATSAPP_CLOUD', $2) returning id`,
    [
      acme.organizationId,
      {
        phone_number_id: phoneNumberId,
        access_token: encryptSecret(server.secretsKey, 'EAAG-token-of-the-route-sweep'),
        app_secret: encryptSecret(server.secretsKey, appSecret),
      },
    ],
  );
  const widget = await acme.client
    .from('channel_accounts')
    .insert({ name: 'Website', type: 'WEB_CHAT', settings: {} })
    .select('routing_key')
    .single();
  if (widget.error) throw widget.error;
  const session = await fetch(`${server.url}/functions/v1/web-chat/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ widget_key: widget.data.routing_key }),
  });
  const { visitor_token } = z.object({ visitor_token: z.string() }).parse(await session.json());
  const connected = await fetch(`${server.url}/functions/v1/sandbox/channels`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${acme.accessToken}` },
    body: JSON.stringify({ type: 'WHATSAPP_CLOUD' }),
  });
  const { channel_account_id } = z.object({ channel_account_id: z.string() }).parse(await connected.json());

  const contact = await one(
    `insert into public.contacts (organization_id, first_name, phones) values ($1, 'Theirs', array['+201000000001']) returning id`,
    [globex.organizationId],
  );
  const channelAccount = await one(
    `insert into public.channel_accounts (organization_id, name, type, settings) values ($1, 'Theirs', 'WHATSAPP_CLOUD', '{}') returning id`,
    [globex.organizationId],
  );
  const conversation = await one(
    `insert into public.conversations (organization_id, contact_id, channel_account_id) values ($1, $2, $3) returning id`,
    [globex.organizationId, contact, channelAccount],
  );
  const message = await one(
    `insert into public.messages (organization_id, conversation_id, direction, content) values ($1, $2, 'INBOUND', 'a secret of theirs') returning id`,
    [globex.organizationId, conversation],
  );

  return {
    server,
    routes: found,
    tokens,
    acme,
    globex,
    victim,
    widgetKey: widget.data.routing_key,
    visitorToken: visitor_token,
    sandboxAccount: channel_account_id,
    foreign: { contact, conversation, message, channelAccount },
    secrets: [
      testSecret,
      server.secretsKey,
      server.serviceRoleKey,
      appSecret,
      'EAAG-token-of-the-route-sweep',
      'a secret of theirs',
      decodeURIComponent(new URL(server.database.url).password),
    ],
    close: () => server.close(),
  };
}
