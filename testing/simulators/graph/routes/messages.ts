import type { FastifyInstance } from 'fastify';
import { authenticate, numberFor } from '../access.ts';
import { type Core, WINDOW_MS } from '../core.ts';
import { reasonToFail, scheduleDelivery } from '../delivery.ts';
import { GraphError, invalidParameter, missingParameter } from '../graphError.ts';
import { userIdFor, wamid } from '../ids.ts';
import { type JsonObject, objectIn, textIn } from '../json.ts';
import { knowsMessage, type OutgoingMessage, type Person, type PhoneNumber, type World } from '../model.ts';
import { requireOneOf, requireText } from '../validate/check.ts';
import { type CheckedMessage, checkMessage } from '../validate/message.ts';

type IdParams = { Params: { id: string } };

/** Anybody can be written to; who was never heard of has WhatsApp and has not written yet. */
function personFor(recipient: CheckedMessage['recipient'], world: World): Person {
  const found =
    recipient.by === 'phone'
      ? world.people.get(recipient.id)
      : [...world.people.values()].find((person) => person.userId === recipient.id);
  if (found !== undefined) return found;
  if (recipient.by === 'user_id') throw invalidParameter('Param recipient is not a valid business-scoped user ID');
  const person: Person = {
    waId: recipient.id,
    name: recipient.id,
    userId: userIdFor(recipient.id),
    username: undefined,
    hidesNumber: false,
    reachable: true,
    stoppedMarketing: false,
    lastWroteAt: new Map(),
  };
  world.people.set(person.waId, person);
  return person;
}

function windowIsOpen(core: Core, number: PhoneNumber, person: Person): boolean {
  const last = person.lastWroteAt.get(number.id);
  return last !== undefined && core.clock.now() - last < WINDOW_MS;
}

const outsideWindow =
  'Message failed to send because more than 24 hours have passed since the customer last replied to this number.';

function accept(core: Core, number: PhoneNumber, body: JsonObject): JsonObject {
  const checked = checkMessage(body, number, core.world);
  core.limits.take(number.id, checked.recipient.id);
  if (number.canSend === 'BLOCKED') throw new GraphError(131031, { details: 'Business Account has been locked' });
  const person = personFor(checked.recipient, core.world);
  const closed = checked.template === undefined && !windowIsOpen(core, number, person);
  if (closed && core.windowRefusal === 'response') throw new GraphError(131047, { details: outsideWindow });

  const message: OutgoingMessage = {
    id: wamid(person.waId),
    phoneNumberId: number.id,
    waId: person.waId,
    addressedBy: checked.recipient.by,
    at: core.clock.now(),
    body,
    type: checked.type,
    reference: textIn(body.biz_opaque_callback_data),
    category: checked.template?.category.toLowerCase() ?? 'service',
    state: 'accepted',
    error: undefined,
  };
  core.world.outgoing.set(message.id, message);
  scheduleDelivery(core, message, closed ? [131047, outsideWindow] : reasonToFail(message, person));
  const byPhone = checked.recipient.by === 'phone';
  return {
    messaging_product: 'whatsapp',
    contacts: [
      byPhone
        ? { input: textIn(body.to) ?? person.waId, wa_id: person.waId }
        : { input: person.userId, user_id: person.userId },
    ],
    messages: [{ id: message.id, ...(checked.template === undefined ? {} : { message_status: 'accepted' }) }],
  };
}

/** `{status: 'read', message_id, typing_indicator?}`. */
function markRead(core: Core, number: PhoneNumber, body: JsonObject): JsonObject {
  requireOneOf(body.status, 'status', ['read']);
  const id = requireText(body.message_id, 'message_id', 512);
  const incoming = core.world.incoming.get(id);
  const foreign = incoming === undefined ? !knowsMessage(core.world, id) : incoming.phoneNumberId !== number.id;
  if (foreign) {
    throw new GraphError(100, {
      message: '(#100) Invalid parameter',
      details: 'Message ID does not exist or is too old',
    });
  }
  const typing = body.typing_indicator !== undefined;
  if (typing) requireOneOf(objectIn(body.typing_indicator).type, "typing_indicator['type']", ['text']);
  if (incoming !== undefined) {
    incoming.read = true;
    incoming.typing ||= typing;
  }
  return { success: true };
}

/** `POST /{phone_number_id}/messages`: sending, read receipts and typing indicators. */
export function messageRoutes(app: FastifyInstance, core: Core): void {
  app.post<IdParams>('/:id/messages', async (request, reply) => {
    const body = objectIn(request.body);
    // Read receipts share the address; a fault that is planned for a message must not be spent on one of them.
    const endpoint = body.status === undefined ? 'messages' : 'receipts';
    if (core.faults.strike(endpoint, request, reply)) return reply;
    const token = authenticate(request, core.world);
    const number = numberFor(token, request.params.id, 'POST', core.world);
    if (body.messaging_product === undefined) throw missingParameter('messaging_product');
    requireOneOf(body.messaging_product, 'messaging_product', ['whatsapp']);
    const answer = body.status === undefined ? accept(core, number, body) : markRead(core, number, body);
    if (core.faults.losesAnswer(request)) {
      reply.hijack();
      request.raw.socket.destroy();
      return reply;
    }
    return answer;
  });
}
