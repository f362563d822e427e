import { authenticate, forbidden, validationError } from '@connectgain/http';
import type { Principal } from '@connectgain/postgres';
import type { FastifyInstance } from 'fastify';
import type { Hub } from '../hub.ts';
import { longestName } from '../protocol/encode.ts';
import { isRecord } from '../protocol/frame.ts';
import { type Broadcast, broadcastText, fanOut } from '../topics/broadcast.ts';
import { storeBroadcast } from '../topics/storeBroadcast.ts';
import { topicKey } from '../topics/topics.ts';

interface Message {
  topic: string;
  isPrivate: boolean;
  broadcast: Broadcast;
}

const mostMessages = 1_000;

/** `POST /api/broadcast` for a batch and `POST /api/broadcast/:topic/events/:event` for one message, JSON or bytes. Answers 202. */
export function broadcastRoutes(app: FastifyInstance, hub: Hub): void {
  const bodyLimit = hub.limits.messageBytes;
  if (!app.hasContentTypeParser('application/octet-stream')) {
    app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
  }

  app.post('/api/broadcast', { bodyLimit }, async (request, reply) => {
    const principal = await authenticate(request, hub.tokens);
    const messages = parseBatch(request.body);
    for (const message of messages) {
      // As in Supabase a message that may not be sent is left out; the others go.
      if (await mayBroadcast(hub, principal, message)) sendBroadcast(hub, message);
    }
    return reply.code(202).send();
  });

  app.post<{ Params: { topic: string; event: string }; Querystring: Record<string, unknown> }>(
    '/api/broadcast/:topic/events/:event',
    { bodyLimit },
    async (request, reply) => {
      const principal = await authenticate(request, hub.tokens);
      const { topic, event } = request.params;
      const message = parseSingle(topic, event, request.query.private === 'true', request.body);
      if (!(await mayBroadcast(hub, principal, message))) {
        throw forbidden('You do not have permissions to write to this Channel topic.');
      }
      sendBroadcast(hub, message);
      if (request.query.persist !== undefined || request.query['persist[ttl]'] !== undefined) {
        await store(hub, principal, message);
      }
      return reply.code(202).send();
    },
  );
}

async function mayBroadcast(hub: Hub, principal: Principal, { topic, isPrivate }: Message): Promise<boolean> {
  if (!(await hub.authorizeTopic(principal, topic))) return false;
  if (!isPrivate) return hub.publicChannels;
  return await hub.topicRights.mayWrite(principal, topic, 'broadcast');
}

/** To the channels of all nodes. */
export function sendBroadcast(hub: Hub, { topic, isPrivate, broadcast }: Message): void {
  const key = topicKey(isPrivate, topic);
  hub.counters.broadcasts++;
  fanOut(hub.outbox, hub.topics, key, broadcast);
  hub.cluster.broadcast(key, broadcast);
}

async function store(hub: Hub, principal: Principal, { topic, isPrivate, broadcast }: Message): Promise<void> {
  if (!isPrivate) throw validationError('Only broadcasts of private channels can be stored.');
  const problem = await storeBroadcast(hub, principal, topic, broadcast);
  if (problem) throw validationError(problem);
}

function parseBatch(body: unknown): Message[] {
  const messages = isRecord(body) ? body.messages : undefined;
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > mostMessages) {
    throw validationError(`messages must be a list of 1 to ${mostMessages} broadcasts.`, {
      details: { field: 'messages' },
    });
  }
  return messages.map((message: unknown, index) => {
    if (!isRecord(message) || message.payload === undefined) {
      throw validationError('A broadcast has topic, event and payload.', { details: { field: `messages.${index}` } });
    }
    const topic = nameOf(message.topic, `messages.${index}.topic`);
    const event = nameOf(message.event, `messages.${index}.event`);
    const meta = typeof message.id === 'string' ? { id: message.id } : undefined;
    const payload = broadcastText(event, JSON.stringify(message.payload), meta);
    return { topic, isPrivate: message.private === true, broadcast: { form: 'text', payload } };
  });
}

function parseSingle(topic: string, event: string, isPrivate: boolean, body: unknown): Message {
  const name = nameOf(event, 'event');
  const broadcast: Broadcast = Buffer.isBuffer(body)
    ? { form: 'user', event: name, encoding: 'binary', payload: body }
    : { form: 'text', payload: broadcastText(name, JSON.stringify(body ?? null)) };
  return { topic: nameOf(topic, 'topic'), isPrivate, broadcast };
}

/** Room for the prefix `realtime:` that clients put before a topic. */
const longestTopic = longestName - 'realtime:'.length;

function nameOf(value: unknown, field: string): string {
  if (typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= longestTopic) return value;
  throw validationError(`${field} must be a text of 1 to ${longestTopic} bytes.`, { details: { field } });
}
