import { createTokens } from '@connectgain/http';
import { embeddedDatabaseUrl } from '@connectgain/postgres';
import { ConfigError, readConfig } from './src/config.ts';
import { instanceSecrets } from './src/instanceSecrets.ts';

/** `npm run keys`: how to reach the instance in DATA_DIR, as JSON. */
try {
  const config = readConfig(process.env);
  const secrets = await instanceSecrets(config);
  const tokens = createTokens({ secret: secrets.jwtSecret, issuer: 'connectgain' });
  const keys = {
    api_url: config.PUBLIC_URL ?? `http://localhost:${config.PORT}`,
    anon_key: await tokens.signKey('anon'),
    service_role_key: await tokens.signKey('service_role'),
    database_url: config.DATABASE_URL ?? (await embeddedDatabaseUrl(config.dataDir)),
  };
  process.stdout.write(`${JSON.stringify(keys, null, 2)}\n`);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
