import type { Agenda } from './agenda.ts';
import type { Clock } from './clock.ts';
import { webhookError } from './graphError.ts';
import type { MessageState, OutgoingMessage, Person, World } from './model.ts';
import { status } from './payloads.ts';
import type { Webhooks } from './webhooks.ts';

/** Milliseconds from acceptance to each state; null means that it happens only when told to. */
export interface Timing {
  sentMs: number | null;
  deliveredMs: number | null;
  readMs: number | null;
}

export const quickTiming: Timing = { sentMs: 200, deliveredMs: 600, readMs: null };

export interface DeliveryParts {
  world: World;
  clock: Clock;
  agenda: Agenda;
  webhooks: Webhooks;
  timing: Timing;
}

const order: readonly MessageState[] = ['accepted', 'sent', 'delivered', 'read'];

/** Moves a message to a state and tells the business; a step that was already taken says nothing again. */
export async function advanceTo(
  parts: DeliveryParts,
  message: OutgoingMessage,
  state: 'sent' | 'delivered' | 'read',
): Promise<void> {
  if (message.state === 'failed' || order.indexOf(message.state) >= order.indexOf(state)) return;
  const number = parts.world.numbers.get(message.phoneNumberId);
  const person = parts.world.people.get(message.waId);
  if (number === undefined || person === undefined) return;
  message.state = state;
  await parts.webhooks.post(status(number, person, message, state, parts.clock.now()));
}

export async function fail(
  parts: DeliveryParts,
  message: OutgoingMessage,
  code: number,
  details: string,
): Promise<void> {
  const number = parts.world.numbers.get(message.phoneNumberId);
  const person = parts.world.people.get(message.waId);
  if (number === undefined || person === undefined || message.state === 'failed') return;
  message.state = 'failed';
  message.error = webhookError(code, details);
  await parts.webhooks.post(status(number, person, message, 'failed', parts.clock.now()));
}

/** Why a message that was accepted will not arrive; undefined when it will. */
export function reasonToFail(message: OutgoingMessage, person: Person): [code: number, details: string] | undefined {
  if (!person.reachable) return [131026, 'Message Undeliverable.'];
  if (person.stoppedMarketing && message.category === 'marketing') {
    return [131050, 'This user has chosen to stop receiving marketing messages on WhatsApp from your business'];
  }
  return undefined;
}

/** Puts the life of an accepted message on the agenda. */
export function scheduleDelivery(
  parts: DeliveryParts,
  message: OutgoingMessage,
  failure: [number, string] | undefined,
): void {
  const { agenda, timing } = parts;
  const at = (ms: number) => message.at + ms;
  if (failure !== undefined) {
    agenda.add(at(timing.sentMs ?? 0), () => fail(parts, message, ...failure));
    return;
  }
  if (timing.sentMs !== null) agenda.add(at(timing.sentMs), () => advanceTo(parts, message, 'sent'));
  if (timing.deliveredMs !== null) agenda.add(at(timing.deliveredMs), () => advanceTo(parts, message, 'delivered'));
  if (timing.readMs !== null) agenda.add(at(timing.readMs), () => advanceTo(parts, message, 'read'));
}
