import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  attachmentQuerySchema,
  eventsAnswerSchema,
  messageAnswerSchema,
  messagesAnswerSchema,
  messagesQuerySchema,
  readRequestSchema,
  sessionAnswerSchema,
  sessionRequestSchema,
  typingRequestSchema,
  visitorMessageSchema,
  type WidgetAttachment,
  type WidgetConfig,
  type WidgetEvent,
  type WidgetMessage,
} from '../protocol.ts';
import { issueVisitorToken, readVisitorToken } from '../visitorToken.ts';

/** The smallest server that speaks the widget's protocol: everything in memory, everything checked by the schemas. */
export interface WidgetServer {
  url: string;
  config: WidgetConfig;
  /** How `GET events` answers, or `down`: connections are cut. */
  mode: 'stream' | 'poll' | 'down';
  refuse: { status: number; code: string; message: string } | undefined;
  /** Requests by method and path, in order. */
  requests: string[];
  visitors: Map<string, Visitor>;
  /** An agent writes to a visitor. */
  say(visitor: Visitor, message: Partial<WidgetMessage>): WidgetMessage;
  emit(visitor: Visitor, event: WidgetEvent): void;
  onlyVisitor(): Visitor;
  /** Resolves when a request to the path has been answered, from now on. */
  next(path: string): Promise<void>;
  close(): Promise<void>;
}

export interface Visitor {
  id: string;
  identity: { name: string | null; email: string | null; phone: string | null };
  fields: Record<string, string>;
  messages: WidgetMessage[];
  events: WidgetEvent[];
  readUpTo: string | undefined;
  listeners: Set<() => void>;
}

export const defaultConfig: WidgetConfig = {
  title: 'Lucky Shrub',
  welcome: 'Hello! How can we help?',
  accent: '#5b4bd6',
  side: 'end',
  theme: 'auto',
  avatar_url: null,
  form: [],
  availability: { online: true, message: '', ask_email: false },
  attachments: { max_bytes: 1_000_000, mime_types: ['image/*', 'application/pdf'] },
};

const secret = 'widget-server';
const unread = (visitor: Visitor) => {
  const read = visitor.messages.findIndex((message) => message.id === visitor.readUpTo);
  return visitor.messages.slice(read + 1).filter((message) => message.from === 'agent').length;
};

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Refusal(400, 'MESSAGE_INVALID', result.error.issues[0]?.message ?? 'invalid');
}

export async function startWidgetServer(scriptFile: string, config: Partial<WidgetConfig> = {}): Promise<WidgetServer> {
  const app = Fastify({ forceCloseConnections: true });
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const files = new Map<string, { type: string; bytes: Buffer }>();
  const streams = new Set<ServerResponse>();
  const waiting = new Map<string, (() => void)[]>();

  const server: WidgetServer = {
    url: '',
    config: { ...defaultConfig, ...config },
    mode: 'stream',
    refuse: undefined,
    requests: [],
    visitors: new Map(),
    say(visitor, fields) {
      const message: WidgetMessage = {
        id: randomUUID(),
        client_id: null,
        from: 'agent',
        author: { name: 'Nour', avatar_url: null },
        text: null,
        attachments: [],
        choices: [],
        link: null,
        place: null,
        reply_to: null,
        status: 'sent',
        created_at: new Date().toISOString(),
        edited: false,
        deleted: false,
        ...fields,
      };
      const known = visitor.messages.findIndex((each) => each.id === message.id);
      if (known === -1) visitor.messages.push(message);
      else visitor.messages[known] = message;
      server.emit(visitor, { type: 'message', message });
      return message;
    },
    emit(visitor, event) {
      visitor.events.push(event);
      for (const listener of visitor.listeners) listener();
    },
    onlyVisitor() {
      const [visitor] = server.visitors.values();
      if (visitor === undefined) throw new Error('Nobody has come.');
      return visitor;
    },
    next: (path) =>
      new Promise((resolve) => {
        waiting.set(path, [...(waiting.get(path) ?? []), resolve]);
      }),
    close: () => {
      for (const stream of streams) stream.destroy();
      return app.close();
    },
  };

  function visitorOf(request: FastifyRequest): Visitor {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const visitor = server.visitors.get(readVisitorToken(token, secret)?.visitorId ?? '');
    if (visitor === undefined) throw new Refusal(401, 'VISITOR_TOKEN_INVALID', 'Start a new session.');
    return visitor;
  }

  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof Refusal) {
      return reply.code(error.status).send({ error: error.code, code: error.code, message: error.message });
    }
    return reply.code(500).send({ error: 'INTERNAL', code: 'INTERNAL', message: String(error) });
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('access-control-allow-origin', '*');
    reply.header('access-control-allow-headers', 'authorization, content-type');
    const path = request.url.split('?', 1)[0] ?? '';
    if (request.method !== 'OPTIONS') server.requests.push(`${request.method} ${path}`);
    if (!path.startsWith('/functions/')) return;
    if (request.method === 'OPTIONS') return reply.code(204).send();
    if (server.mode === 'down') {
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    }
    if (server.refuse) throw new Refusal(server.refuse.status, server.refuse.code, server.refuse.message);
  });
  app.addHook('onResponse', async (request) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const resolvers = waiting.get(path) ?? [];
    waiting.delete(path);
    for (const resolve of resolvers) resolve();
  });

  const root = '/functions/v1/web-chat';
  app.options(`${root}/*`, async (_request, reply) => reply.code(204).send());

  app.post(`${root}/sessions`, async (request) => {
    const body = parsed(sessionRequestSchema, request.body);
    const known = server.visitors.get(readVisitorToken(body.visitor_token ?? '', secret)?.visitorId ?? '');
    const visitor: Visitor = known ?? {
      id: randomUUID(),
      identity: { name: null, email: null, phone: null },
      fields: {},
      messages: [],
      events: [],
      readUpTo: undefined,
      listeners: new Set(),
    };
    server.visitors.set(visitor.id, visitor);
    const { fields, ...identity } = body.identity ?? {};
    Object.assign(visitor.identity, identity);
    Object.assign(visitor.fields, fields);
    const token = issueVisitorToken({ visitorId: visitor.id, channelAccountId: 'a', issuedAt: new Date() }, secret);
    return sessionAnswerSchema.parse({
      visitor_token: token,
      visitor_id: visitor.id,
      config: server.config,
      identity: visitor.identity,
      conversation: visitor.messages.length === 0 ? null : { status: 'open' },
      unread: unread(visitor),
      cursor: String(visitor.events.length),
    });
  });

  app.get(`${root}/messages`, async (request) => {
    const visitor = visitorOf(request);
    const { before, limit } = messagesQuerySchema.parse(request.query);
    const end =
      before === undefined ? visitor.messages.length : visitor.messages.findIndex((each) => each.id === before);
    const start = Math.max(0, end - limit);
    const messages = visitor.messages.slice(start, end);
    return messagesAnswerSchema.parse({
      messages,
      has_more: start > 0,
      cursor: before === undefined ? String(visitor.events.length) : '',
    });
  });

  app.post(`${root}/messages`, async (request, reply) => {
    const visitor = visitorOf(request);
    const body = parsed(visitorMessageSchema, request.body);
    const known = visitor.messages.find((each) => each.client_id === body.client_id);
    if (known) return messageAnswerSchema.parse({ message: known });
    const attachments = (body.attachment_ids ?? []).map((id): WidgetAttachment => {
      const file = files.get(id);
      if (file === undefined) throw new Refusal(400, 'MESSAGE_INVALID', 'Unknown attachment.');
      return {
        id,
        kind: file.type.startsWith('image/') ? 'image' : 'document',
        url: `${server.url}/files/${id}`,
        mime_type: file.type,
        file_name: 'file',
        size: file.bytes.length,
      };
    });
    const text = body.choice?.title ?? body.text ?? null;
    const message = server.say(visitor, {
      client_id: body.client_id,
      from: 'visitor',
      author: null,
      text,
      attachments,
      reply_to: body.reply_to ?? null,
    });
    return reply.code(201).send(messageAnswerSchema.parse({ message }));
  });

  app.post(`${root}/read`, async (request, reply) => {
    visitorOf(request).readUpTo = parsed(readRequestSchema, request.body).message_id;
    return reply.code(204).send();
  });

  app.post(`${root}/typing`, async (request, reply) => {
    visitorOf(request);
    parsed(typingRequestSchema, request.body);
    return reply.code(204).send();
  });

  app.post<{ Body: Buffer }>(`${root}/attachments`, async (request, reply) => {
    visitorOf(request);
    const { file_name } = attachmentQuerySchema.parse(request.query);
    const id = randomUUID();
    const type = request.headers['content-type'] ?? 'application/octet-stream';
    files.set(id, { type, bytes: request.body });
    const kind = type.startsWith('image/') ? 'image' : 'document';
    return reply
      .code(201)
      .send({ id, kind, url: `${server.url}/files/${id}`, mime_type: type, file_name, size: request.body.length });
  });

  function stream(visitor: Visitor, from: number, reply: FastifyReply): void {
    reply.hijack();
    const out = reply.raw;
    let next = from;
    out.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'access-control-allow-origin': '*',
    });
    out.write(': hello\n\n');
    const send = () => {
      for (; next < visitor.events.length; next += 1)
        out.write(`id: ${next + 1}\ndata: ${JSON.stringify(visitor.events[next])}\n\n`);
    };
    visitor.listeners.add(send);
    streams.add(out);
    out.on('close', () => {
      visitor.listeners.delete(send);
      streams.delete(out);
    });
    send();
  }

  app.get<{ Querystring: { cursor?: string } }>(`${root}/events`, async (request, reply) => {
    const visitor = visitorOf(request);
    const from = Number(request.query.cursor ?? '0');
    if (server.mode === 'stream' && request.headers.accept === 'text/event-stream') {
      stream(visitor, from, reply);
      return reply;
    }
    if (from >= visitor.events.length) {
      await new Promise<void>((resolve) => {
        visitor.listeners.add(resolve);
        request.raw.on('close', resolve);
      });
    }
    return eventsAnswerSchema.parse({ events: visitor.events.slice(from), cursor: String(visitor.events.length) });
  });

  app.get<{ Params: { id: string } }>('/files/:id', async (request, reply) => {
    const file = files.get(request.params.id);
    return file ? reply.type(file.type).send(file.bytes) : reply.code(404).send();
  });
  app.get('/widget.js', async (_request, reply) => reply.type('text/javascript').send(readFileSync(scriptFile)));
  app.get<{ Params: { lang: string } }>('/page/:lang', async (request, reply) => {
    const { lang } = request.params;
    reply
      .type('text/html')
      .header(
        'content-security-policy',
        "default-src 'self'; style-src 'none'; connect-src 'self'; img-src 'self'; script-src 'self'",
      );
    return `<!doctype html><html lang="${lang}" dir="${lang === 'ar' ? 'rtl' : 'ltr'}"><title>A shop</title><meta name="viewport" content="width=device-width">
<body><h1>A shop</h1><script async src="/widget.js" data-key="wc_test"></script></body></html>`;
  });

  server.url = await app.listen({ host: '127.0.0.1', port: 0 });
  return server;
}
