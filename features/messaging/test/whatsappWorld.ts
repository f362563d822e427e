import { encryptSecret } from '@connectgain/http';
import type { TestDatabase } from '@connectgain/testing/database.ts';
import { type SignedIn, startTestServer, type TestServer } from '@connectgain/testing/server.ts';
import { createGraphSimulator, type GraphSimulator } from '@connectgain/testing/simulators/graph/index.ts';

/** A server, a simulated Meta, and one organization with a WhatsApp Cloud account between them. */
export interface WhatsappWorld {
  server: TestServer;
  meta: GraphSimulator;
  owner: SignedIn;
  accountId: string;
  /** Adds a WhatsApp account for another organization at the same simulated Meta. */
  connect(member: SignedIn): Promise<{ id: string; account: GraphSimulator['account'] }>;
  close(): Promise<void>;
}

export async function createWhatsappWorld(o: { database?: TestDatabase } = {}): Promise<WhatsappWorld> {
  const meta = createGraphSimulator();
  const base = await meta.listen();
  const server = await startTestServer({ simulatorUrl: () => base, ...o });
  await meta.subscribe({
    callbackUrl: `${server.url}/functions/v1/whatsapp-cloud-webhook`,
    verifyToken: 'x',
    handshake: false,
  });
  const seal = (text: string) => encryptSecret(server.secretsKey, text);

  async function insertAccount(organizationId: string, account: GraphSimulator['account']): Promise<string> {
    const { rows } = await server.database.owner.query<{ id: string }>(
      `insert into public.channel_accounts (organization_id, name, type, settings, is_sandbox)
       values ($1, 'WhatsApp', 'WHATSAPP_CLOUD', $2, true) returning id`,
      [
        organizationId,
        {
          phone_number_id: account.number.id,
          waba_id: account.waba.id,
          verify_token: `verify-${account.number.id}`,
          access_token: seal(account.accessToken),
          app_secret: seal(meta.appSecret),
        },
      ],
    );
    return rows[0]?.id ?? '';
  }

  const owner = await server.signUp('Acme');
  return {
    server,
    meta,
    owner,
    accountId: await insertAccount(owner.organizationId, meta.account),
    async connect(member) {
      const account = meta.addAccount({ displayNumber: '15550001111', name: 'Second' });
      return { id: await insertAccount(member.organizationId, account), account };
    },
    async close() {
      await server.close();
      await meta.close();
    },
  };
}
