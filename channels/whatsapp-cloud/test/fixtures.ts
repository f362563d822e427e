import { readdirSync, readFileSync } from 'node:fs';
import type { InboundEvent } from '../../inbound.ts';
import { whatsappCloud } from '../index.ts';

const directory = new URL('./fixtures/', import.meta.url);

/** Names of all published payloads, without `.json`. */
export const fixtureNames = readdirSync(directory)
  .map((name) => name.replace(/\.json$/, ''))
  .sort();

export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, directory), 'utf8'));
}

export function events(name: string): InboundEvent[] {
  return whatsappCloud.parseWebhook?.(fixture(name)) ?? [];
}

/** The only event of a payload, of the type that is expected. */
export function event<Type extends InboundEvent['type']>(
  name: string,
  type: Type,
): Extract<InboundEvent, { type: Type }> {
  const all = events(name);
  const [first] = all;
  if (all.length !== 1 || first === undefined || !isOf(first, type)) {
    throw new Error(`Expected one ${type} in ${name}, got ${all.map((each) => each.type).join(', ')}`);
  }
  return first;
}

function isOf<Type extends InboundEvent['type']>(
  candidate: InboundEvent,
  type: Type,
): candidate is Extract<InboundEvent, { type: Type }> {
  return candidate.type === type;
}
