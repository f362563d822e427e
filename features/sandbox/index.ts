import type { FastifyInstance, Logger } from '@connectgain/http';
import { createGraphSimulator } from '@connectgain/testing/simulators/graph/index.ts';
import type { MemberOptions } from '../access/member.ts';
import type { AccountSources } from '../messaging/accounts/loadAccount.ts';
import type { Queryable } from '../messaging/queryable.ts';
import { createSandboxAccounts, sandboxAppSecret } from './sandboxAccounts.ts';
import { sandboxRoutes } from './sandboxRoutes.ts';

export { sandboxAppSecret } from './sandboxAccounts.ts';

export interface SandboxOptions extends MemberOptions {
  db: Queryable;
  jwtSecret: string;
  secretsKey: string;
  log: Logger;
}

export interface Sandbox {
  /** Register inside the functions scope. */
  routes(app: FastifyInstance): Promise<void>;
  /** Where the simulator of a channel type listens; undefined for types that it does not play. */
  url(type: string): string | undefined;
  /** Opens the simulator's port; before the first job may run. */
  open(): Promise<void>;
  /** Points the simulator's webhooks at our own callback and tells it what the database knows. */
  connect(callbackUrl: string): Promise<void>;
  close(): Promise<void>;
}

/** The provider simulator in this process, and the phone that plays customers on it. */
export function createSandbox(o: SandboxOptions): Sandbox {
  const appSecret = sandboxAppSecret(o.jwtSecret);
  const simulator = createGraphSimulator({ mode: 'automatic', appSecret });
  let base: string | undefined;
  const url = (type: string) => (type === 'WHATSAPP_CLOUD' ? base : undefined);
  const sources: AccountSources = { secretsKey: o.secretsKey, sandboxUrl: url };
  const accounts = createSandboxAccounts({ db: o.db, simulator, sources, appSecret });
  return {
    routes: sandboxRoutes({ ...o, accounts, simulator }),
    url,
    async open() {
      base = await simulator.listen();
    },
    async connect(callbackUrl) {
      await simulator.subscribe({ callbackUrl, verifyToken: '', handshake: false });
      await accounts.restore();
    },
    close: () => simulator.close(),
  };
}
