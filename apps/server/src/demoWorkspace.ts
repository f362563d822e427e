import type { Auth } from '@connectgain/auth';
import { seedDemo } from '@connectgain/database/seed/demo.ts';
import { sandboxAppSecret } from '@connectgain/features/sandbox/index.ts';
import { encryptSecret } from '@connectgain/http';
import type { Database } from '@connectgain/postgres';
import type { InstanceSecrets } from './instanceSecrets.ts';

/** The demo workspace, made on the first start; returns its login. */
export async function seedWorkspace(database: Database, auth: Auth, secrets: InstanceSecrets) {
  const workspace = await seedDemo(database.owner, {
    async createUser(user) {
      const existing = await auth.findUser({ email: user.email });
      return existing ?? (await auth.createUser(user));
    },
    seal: (text) => encryptSecret(secrets.secretsKey, text),
    sandboxAppSecret: sandboxAppSecret(secrets.jwtSecret),
  });
  return { email: workspace.email, password: workspace.password };
}
