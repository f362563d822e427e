import { randomUUID } from 'node:crypto';
import type { WebChatInbound } from '@connectgain/channels/web-chat/inboundPayload.ts';
import { issueVisitorToken, readVisitorToken } from '@connectgain/channels/web-chat/index.ts';
import { splitWebChat } from '@connectgain/channels/web-chat/parse.ts';
import * as protocol from '@connectgain/channels/web-chat/protocol.ts';
import {
  ApiError,
  type FastifyInstance,
  type FastifyRequest,
  type Logger,
  parse,
  requestLimit,
} from '@connectgain/http';
import type { Database } from '@connectgain/postgres';
import type { Storage } from '@connectgain/storage';
import type { AccountCache } from '../accounts/accountCache.ts';
import type { AccountSources } from '../accounts/loadAccount.ts';
import type { InboundWriter } from '../inbound/inboundWriter.ts';
import { storeAttachment } from './attachments.ts';
import { sendEventStream } from './eventStream.ts';
import { requireOrigin, requireVisitor, type Visitor } from './visitor.ts';
import { createVisitorHub } from './visitorHub.ts';
import { widgetConfig } from './widgetConfig.ts';
import { changesSince, currentCursor, listMessages, type SignFile } from './widgetMessages.ts';

export interface WebChatOptions {
  database: Database;
  storage: Storage;
  accounts: AccountCache;
  sources: AccountSources;
  writer: InboundWriter;
  /** Signs visitor tokens. */
  secret: string;
  log: Logger;
}

/** How long `GET events` waits for news before it says that there is none. */
const POLL_MS = 25_000;
/** The server's own limit for that request; a stream ends itself before. */
const EVENTS_MS = 11 * 60_000;
const FILE_URL_SECONDS = 24 * 3600;
/** Above the largest file of the capabilities, whose own words are clearer than those of the server's limit. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;

/** The endpoints of the chat widget, below `/functions/v1/web-chat`; the wire format is in channels/web-chat/README.md. */
export function webChatRoutes(o: WebChatOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    const db = o.database.owner;
    const hub = await createVisitorHub(o.database.url, o.log);
    app.addHook('onClose', () => hub.close());
    // Files of a conversation for its own visitor: the visitor has no role in the database whose policies could be asked.
    const files = o.storage.asSystem();
    const sign: SignFile = (path) => files.createSignedUrl('media', path, { expiresIn: FILE_URL_SECONDS });
    const visitorOptions = { db, sources: o.sources, secret: o.secret };
    const who = (request: FastifyRequest) => requireVisitor(request, visitorOptions);
    const byAddress = (name: string, max: number) =>
      requestLimit(app, { name: `web-chat-${name}`, max, keyOf: (request) => request.ip });

    app.post('/web-chat/sessions', { preHandler: byAddress('sessions', 60) }, async (request) => {
      const body = parse(protocol.sessionRequestSchema, request.body, { status: 400 });
      const account = await o.accounts.get('WEB_CHAT', body.widget_key);
      if (!account?.isActive) {
        throw new ApiError({
          status: 404,
          code: protocol.widgetErrorCodes.unknownWidget,
          message: 'There is no chat widget with this key: copy the snippet from Settings, Channels again.',
        });
      }
      requireOrigin(request, account);
      const claims = body.visitor_token === undefined ? undefined : readVisitorToken(body.visitor_token, o.secret);
      const known = claims?.channelAccountId === account.id ? claims : undefined;
      const visitor: Visitor = { id: known?.visitorId ?? randomUUID(), account };
      if (body.identity) {
        await write(
          o,
          visitor,
          { kind: 'identity', fields: body.identity.fields ?? {} },
          { ...body.identity, locale: body.locale },
        );
      }
      return {
        visitor_token: issueVisitorToken(
          { visitorId: visitor.id, channelAccountId: account.id, issuedAt: new Date() },
          o.secret,
        ),
        visitor_id: visitor.id,
        config: await widgetConfig(db, account, body.locale),
        ...(await stateOf(o, visitor)),
        cursor: await currentCursor(db, visitor),
      };
    });

    app.get('/web-chat/messages', async (request) => {
      const visitor = await who(request);
      const query = parse(protocol.messagesQuerySchema, request.query, { status: 400 });
      const cursor = await currentCursor(db, visitor);
      return { ...(await listMessages(db, visitor, query, sign)), cursor };
    });

    app.post('/web-chat/messages', { preHandler: byAddress('messages', 120) }, async (request, reply) => {
      const visitor = await who(request);
      const body = parse(protocol.visitorMessageSchema, request.body, { status: 400 });
      const attachments = await ownAttachments(o, visitor, body.attachment_ids ?? [], sign);
      const at = new Date();
      await write(
        o,
        visitor,
        {
          kind: 'message',
          client_id: body.client_id,
          text: body.text ?? null,
          attachments,
          reply_to: body.reply_to ?? null,
          choice: body.choice ?? null,
          page: body.page ?? null,
        },
        {},
        at,
      );
      return reply.code(202).send({
        message: {
          id: body.client_id,
          client_id: body.client_id,
          from: 'visitor',
          author: null,
          text: body.choice?.title ?? body.text ?? null,
          attachments,
          choices: [],
          link: null,
          place: null,
          reply_to: body.reply_to ?? null,
          status: 'sent',
          created_at: at.toISOString(),
          edited: false,
          deleted: false,
        },
      });
    });

    app.post('/web-chat/read', async (request, reply) => {
      const visitor = await who(request);
      const body = parse(protocol.readRequestSchema, request.body, { status: 400 });
      await write(o, visitor, {
        kind: 'read',
        message_id: body.message_id,
        up_to: await timeOf(o, visitor, body.message_id),
      });
      return reply.code(204).send();
    });

    app.post('/web-chat/typing', { preHandler: byAddress('typing', 240) }, async (request, reply) => {
      const visitor = await who(request);
      const body = parse(protocol.typingRequestSchema, request.body, { status: 400 });
      await db.query(
        `select realtime.send(jsonb_build_object('conversation_id', c.id, 'typing', $3::boolean), 'visitor_typing',
           'org:' || c.organization_id || ':conversation:' || c.id, false)
         from public.conversations c where c.channel_account_id = $1 and c.thread_key = $2`,
        [visitor.account.id, visitor.id, body.typing],
      );
      return reply.code(204).send();
    });

    app.get('/web-chat/events', { config: { timeoutMs: EVENTS_MS } }, async (request, reply) => {
      const visitor = await who(request);
      const { cursor } = parse(protocol.eventsQuerySchema, request.query, { status: 400 });
      const from = cursor ?? (await currentCursor(db, visitor));
      if (request.headers.accept?.includes('text/event-stream')) {
        return sendEventStream(reply, {
          from,
          signal: request.signal,
          changesSince: (since) => changesSince(db, visitor, since, sign),
          wait: (signal) => hub.wait(visitor.id, POLL_MS, signal),
        });
      }
      // Asked for before looking, so that a change in between wakes us.
      const change = hub.wait(visitor.id, POLL_MS, request.signal);
      let changes = await changesSince(db, visitor, from, sign);
      if (changes.messages.length === 0 && (await change)) changes = await changesSince(db, visitor, from, sign);
      return { events: changes.messages.map((message) => ({ type: 'message', message })), cursor: changes.cursor };
    });

    app.register(async (scope: FastifyInstance) => {
      // The body is the file, whatever its type; only here, so that the other routes keep to JSON.
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      scope.post(
        '/web-chat/attachments',
        { preHandler: byAddress('attachments', 30), bodyLimit: MAX_FILE_BYTES },
        async (request, reply) => {
          const visitor = await who(request);
          const query = parse(protocol.attachmentQuerySchema, request.query, { status: 400 });
          return reply
            .code(201)
            .send(await storeAttachment({ request, visitor, files, fileName: query.file_name, sign }));
        },
      );
    });
  };
}

type Part = WebChatInbound extends infer One
  ? One extends WebChatInbound
    ? Omit<One, 'widget_key' | 'at' | 'visitor'>
    : never
  : never;

/** A visitor's request becomes an inbound event like any provider's webhook. */
async function write(
  o: WebChatOptions,
  visitor: Visitor,
  part: Part,
  person: { name?: string; email?: string; phone?: string; locale?: string | undefined } = {},
  at = new Date(),
): Promise<void> {
  const routingKey = visitor.account.routingKey ?? '';
  const payload = { ...part, widget_key: routingKey, at: at.toISOString(), visitor: { id: visitor.id, ...person } };
  const parts = splitWebChat(Buffer.from(JSON.stringify(payload)));
  await o.writer.write(
    parts.map((one) => ({ part: one, channelType: 'WEB_CHAT', routingKey, account: visitor.account })),
  );
}

async function stateOf(o: WebChatOptions, visitor: Visitor) {
  const { rows } = await o.database.owner.query<{
    name: string | null;
    email: string | null;
    phone: string | null;
    status: string;
    unread: number;
  }>(
    `select nullif(p.full_name, '') as name, p.emails[1] as email, p.phones[1] as phone, c.status::text as status,
       (select count(*)::int from public.messages m where m.conversation_id = c.id and m.direction = 'OUTBOUND'
          and m.status in ('SENT', 'DELIVERED')) as unread
     from public.conversations c join public.contacts p on p.id = c.contact_id
     where c.channel_account_id = $1 and c.thread_key = $2 limit 1`,
    [visitor.account.id, visitor.id],
  );
  const found = rows[0];
  return {
    identity: { name: found?.name ?? null, email: found?.email ?? null, phone: found?.phone ?? null },
    conversation: found ? { status: found.status === 'OPEN' || found.status === 'PENDING' ? 'open' : 'closed' } : null,
    unread: found?.unread ?? 0,
  };
}

async function timeOf(o: WebChatOptions, visitor: Visitor, messageId: string): Promise<string | null> {
  const { rows } = await o.database.owner.query<{ created_at: Date }>(
    `select m.created_at from public.messages m join public.conversations c on c.id = m.conversation_id
     where c.channel_account_id = $1 and c.thread_key = $2 and m.external_id = $3`,
    [visitor.account.id, visitor.id, messageId],
  );
  return rows[0]?.created_at.toISOString() ?? null;
}

/** The visitor's own uploads by id; anybody else's id names nothing. */
async function ownAttachments(
  o: WebChatOptions,
  visitor: Visitor,
  ids: readonly string[],
  sign: SignFile,
): Promise<protocol.WidgetAttachment[]> {
  const files = o.storage.asSystem();
  const found: protocol.WidgetAttachment[] = [];
  for (const id of ids) {
    const path = `${visitor.account.organizationId}/web-chat/${id}`;
    const file = id.startsWith(`${visitor.id}/`) ? await files.find('media', path) : undefined;
    if (!file) {
      throw new ApiError({
        status: 400,
        code: protocol.widgetErrorCodes.invalidMessage,
        message: `attachment_ids: there is no upload ${id} of this visitor.`,
      });
    }
    found.push({
      id,
      kind: protocol.attachmentKinds.find((kind) => file.contentType.startsWith(`${kind}/`)) ?? 'document',
      url: await sign(path),
      mime_type: file.contentType,
      file_name: String(file.metadata?.file_name ?? 'file'),
      size: file.size,
    });
  }
  return found;
}
