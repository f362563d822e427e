import { documentedVariables } from './config.ts';

const head = `# Configuration

Everything is set by environment variables, or by a file \`.env\` in the checkout. A wrong value stops the start with a sentence that
names the variable. This page is generated from \`apps/server/src/config.ts\`: \`npm run types\` writes it anew.

| variable | default | meaning |
|---|---|---|
`;

const tail = `
## One node

\`npm start\` needs nothing: it runs its own PostgreSQL in \`DATA_DIR\` and keeps files and generated keys there. Back up that folder while the
program is stopped, or the database with \`pg_dump\` (\`npm run keys\` prints its address) together with \`files/\` and \`secrets.json\`.
Without \`secrets.json\` (or \`SECRETS_KEY\`) stored channel tokens cannot be opened again.

## Several nodes

Give every node the same \`DATABASE_URL\`, \`JWT_SECRET\`, \`SECRETS_KEY\` and \`PUBLIC_URL\`, a shared folder as \`DATA_DIR\` (files), \`DEMO=0\`, and
\`ROLE=api\` or \`ROLE=worker\`. The owner in \`DATABASE_URL\` needs the right to create roles and the extensions pg_trgm, unaccent, citext,
pgcrypto and btree_gin.

## Behind a proxy

Set \`PUBLIC_URL\` to the address that people and providers use and \`TRUST_PROXY\` to the proxy's address. Web sockets are at
\`/realtime/v1/websocket\`; responses of \`/functions/v1/web-chat/events\` must not be buffered.

## WhatsApp Cloud

Callback URL: \`PUBLIC_URL\` + \`/functions/v1/whatsapp-cloud-webhook\`, field \`messages\`. The verify token is the one of the channel, or
\`WHATSAPP_CLOUD_VERIFY_TOKEN\`; signatures are checked with the channel's app secret, or \`META_APP_SECRET\`.
`;

/** The text of docs/configuration.md. */
export function configurationPage(): string {
  const rows = documentedVariables().map(
    ({ name, fallback, description }) =>
      `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${description} |\n`,
  );
  return head + rows.join('') + tail;
}
