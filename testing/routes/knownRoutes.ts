import { createHmac } from 'node:crypto';
import { appSecret, phoneNumberId, type Route, type RoutesWorld } from './world.ts';

/** How a route is called well; bad input is this with one thing wrong. */
export interface Call {
  /** Values of the path's parameters. */
  path: string;
  headers(body: string | Uint8Array | undefined): Record<string, string>;
  /** A body that is accepted; undefined where the route takes none. */
  example?: Record<string, unknown>;
  /** Any bytes are a body here: files. */
  anyBytes?: boolean;
  /** Answers strangers: it must not ask for credentials. */
  open?: boolean;
  /** Waits for news, so it is only called with a query that it refuses. */
  waits?: boolean;
}

/** Reached without any credentials, by probes, browsers that follow a link, providers (who sign) and visitors of a site. */
const open = [
  'GET /auth/v1/verify',
  'GET /auth/v1/health',
  'GET /auth/v1/.well-known/jwks.json',
  'GET /storage/v1/object/public/:bucket/*',
  'GET /storage/v1/object/sign/:bucket/*',
  'GET /storage/v1/object/info/public/:bucket/*',
  'PUT /storage/v1/object/upload/sign/:bucket/*',
  'GET /functions/v1/whatsapp-cloud-webhook',
  'POST /functions/v1/web-chat/sessions',
];

/** Bodies that are accepted, by route. A new route with a body needs one here. */
function examples(world: RoutesWorld): Record<string, Record<string, unknown>> {
  const email = 'somebody@sweep.example';
  const password = 'a long enough password';
  const { sandboxAccount: channel_account_id } = world;
  return {
    'POST /auth/v1/signup': { email, password, data: { organization_name: 'Sweep' } },
    'POST /auth/v1/token': { email: world.victim.email, password: world.victim.password, refresh_token: 'x' },
    'PUT /auth/v1/user': { email, password, data: { a: 1 } },
    'POST /auth/v1/user': { email, password, data: { a: 1 } },
    'POST /auth/v1/logout': {},
    'POST /auth/v1/recover': { email },
    'POST /auth/v1/otp': { email, create_user: false, data: {} },
    'POST /auth/v1/magiclink': { email, data: {} },
    'POST /auth/v1/resend': { type: 'signup', email },
    'POST /auth/v1/verify': { type: 'magiclink', email, token: '123456', token_hash: 'x' },
    'POST /auth/v1/admin/users': {
      email,
      password,
      user_metadata: {},
      app_metadata: {},
      ban_duration: '1h',
      role: 'authenticated',
    },
    'PUT /auth/v1/admin/users/:id': { email, password, user_metadata: {}, app_metadata: {}, ban_duration: 'none' },
    'POST /auth/v1/admin/generate_link': { type: 'magiclink', email, data: {}, redirect_to: 'http://localhost:3000' },
    'POST /auth/v1/invite': { email, data: {} },
    'POST /realtime/v1/api/broadcast': { messages: [{ topic: 'room', event: 'e', payload: { a: 1 }, private: false }] },
    'POST /realtime/v1/api/broadcast/:topic/events/:event': { a: 1 },
    'POST /storage/v1/bucket': {
      id: 'sweep',
      name: 'sweep',
      public: false,
      file_size_limit: 1000,
      allowed_mime_types: ['text/plain'],
    },
    'PUT /storage/v1/bucket/:bucket': { public: false, file_size_limit: 1000, allowed_mime_types: ['text/plain'] },
    'POST /storage/v1/bucket/:bucket/empty': {},
    'POST /storage/v1/object/list/:bucket': {
      prefix: '',
      limit: 10,
      offset: 0,
      search: 'a',
      sortBy: { column: 'name', order: 'asc' },
    },
    'POST /storage/v1/object/list-v2/:bucket': { prefix: '', limit: 10, cursor: 'x', with_delimiter: true },
    'POST /storage/v1/object/copy': {
      bucketId: 'media',
      sourceKey: 'a/b',
      destinationKey: 'a/c',
      destinationBucket: 'media',
    },
    'POST /storage/v1/object/move': {
      bucketId: 'media',
      sourceKey: 'a/b',
      destinationKey: 'a/c',
      destinationBucket: 'media',
    },
    'DELETE /storage/v1/object/:bucket': { prefixes: ['a/b'] },
    'POST /storage/v1/object/sign/:bucket/*': { expiresIn: 60, transform: {} },
    'POST /storage/v1/object/sign/:bucket': { expiresIn: 60, paths: ['a/b'] },
    'POST /storage/v1/object/upload/sign/:bucket/*': {},
    'POST /functions/v1/web-chat/sessions': {
      widget_key: world.widgetKey,
      locale: 'en',
      identity: { name: 'Mona', email: 'mona@example.com', fields: { order: '1' } },
    },
    'POST /functions/v1/web-chat/messages': {
      client_id: crypto.randomUUID(),
      text: 'Hi',
      attachment_ids: [],
      reply_to: crypto.randomUUID(),
      choice: { id: 'a', title: 'b' },
      page: { url: 'https://shop.example/', title: 'Shop' },
      written_at: '2026-11-20T10:00:00Z',
    },
    'POST /functions/v1/web-chat/read': { message_id: crypto.randomUUID() },
    'POST /functions/v1/web-chat/typing': { typing: true },
    'POST /functions/v1/whatsapp-cloud-webhook': {
      object: 'whatsapp_business_account',
      entry: [{ id: '1', changes: [{ field: 'messages', value: { metadata: { phone_number_id: phoneNumberId } } }] }],
    },
    'POST /functions/v1/whatsapp-cloud-send': {
      to: '201001383533',
      message: 'Hello',
      conversationId: world.foreign.conversation,
      contact_id: world.foreign.contact,
      contactName: 'Mona',
      phoneNumberId: '1',
      from: 'Bot',
      media_url: 'https://example.com/a.png',
      media_type: 'image',
      template: { name: 'hello_world', language: 'en', variables: ['a'] },
    },
    'POST /functions/v1/sandbox/channels': { type: 'WEB_CHAT' },
    'POST /functions/v1/sandbox/say': {
      kind: 'text',
      channel_account_id,
      phone: '+201001383533',
      name: 'Mona',
      text: 'Hi',
    },
    'POST /functions/v1/sandbox/read': { channel_account_id, phone: '+201001383533' },
    'POST /functions/v1/sandbox/trouble': { kind: 'none', times: 1 },
  };
}

const fileRoutes = [
  'POST /storage/v1/object/:bucket/*',
  'PUT /storage/v1/object/:bucket/*',
  'PUT /storage/v1/object/upload/sign/:bucket/*',
  'POST /functions/v1/web-chat/attachments',
];

const nobody = '0194c1d2-0000-7000-8000-00000000dead';

/** The path with parameters that mean something, so that what is wrong is the one thing that a test makes wrong. */
export function pathOf(world: RoutesWorld, route: Route): string {
  return route.path
    .replace(':id', route.method === 'DELETE' ? nobody : world.victim.userId)
    .replace(':bucket', route.method === 'DELETE' || route.path.endsWith('/empty') ? 'nowhere' : 'media')
    .replace(':topic', `org:${world.acme.organizationId}:room`)
    .replace(':event', 'e')
    .replace(':file', 'nothing.js')
    .replace('/rest/v1/*', '/rest/v1/contacts')
    .replace(/\/\*$/, route.path.startsWith('/storage') ? `/${world.acme.organizationId}/note.txt` : '/nothing.js');
}

export function callOf(world: RoutesWorld, route: Route): Call {
  const name = `${route.method === 'HEAD' ? 'GET' : route.method} ${route.path}`;
  const example = examples(world)[name];
  return {
    path: pathOf(world, route),
    headers: (body) => ({
      // A stranger's limits are counted by address.
      'x-forwarded-for': `10.${byte()}.${byte()}.${byte()}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...credentials(world, route, body),
    }),
    ...(example ? { example } : {}),
    anyBytes: fileRoutes.includes(name),
    // The web app's own files are for everybody.
    open: open.includes(name) || !/^\/(rest|auth|storage|realtime|functions)\/v1/.test(route.path),
    waits: name === 'GET /functions/v1/web-chat/events',
  };
}

const byte = () => Math.floor(Math.random() * 256);

function credentials(
  world: RoutesWorld,
  { path }: Route,
  body: string | Uint8Array | undefined,
): Record<string, string> {
  const { server, acme, victim } = world;
  const as = (token: string, apikey = server.anonKey) => ({ apikey, authorization: `Bearer ${token}` });
  if (/^\/auth\/v1\/(admin|invite)/.test(path)) return as(server.serviceRoleKey, server.serviceRoleKey);
  if (path.startsWith('/auth/v1/')) return as(victim.accessToken);
  if (path.startsWith('/storage/v1/bucket')) return as(server.serviceRoleKey, server.serviceRoleKey);
  if (path === '/functions/v1/whatsapp-cloud-webhook') {
    const signature = createHmac('sha256', appSecret)
      .update(body ?? '')
      .digest('hex');
    return { 'x-hub-signature-256': `sha256=${signature}` };
  }
  if (path.startsWith('/functions/v1/web-chat/')) return { authorization: `Bearer ${world.visitorToken}` };
  return as(acme.accessToken);
}
