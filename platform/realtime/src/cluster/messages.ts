import type { Presence, PresenceDiff } from '../presence/presences.ts';
import { isRecord } from '../protocol/frame.ts';
import type { Broadcast } from '../topics/broadcast.ts';

/** What nodes say to each other. */
export type ClusterMessage =
  /** I have come, or have missed something: tell me what you have. */
  | { type: 'hello' }
  /** All my presences. */
  | { type: 'state'; topics: [topic: string, presences: Presence[]][] }
  | { type: 'presence'; topic: string; diff: PresenceDiff }
  | { type: 'broadcast'; topic: string; broadcast: Broadcast }
  | { type: 'bye' };

export type SaidMessage = ClusterMessage & { from: string; seq: number };

/** JSON has no bytes: they travel as base64. */
export function writeMessage(message: SaidMessage): string {
  if (message.type !== 'broadcast' || message.broadcast.form !== 'user') return JSON.stringify(message);
  const { payload } = message.broadcast;
  return JSON.stringify({ ...message, broadcast: { ...message.broadcast, payload: payload.toString('base64') } });
}

/** Reads what another node said; undefined for what this version does not understand, so that versions may run side by side. */
export function readMessage(text: string): SaidMessage | undefined {
  const said: unknown = JSON.parse(text);
  if (!isRecord(said) || typeof said.from !== 'string' || typeof said.seq !== 'number') return undefined;
  const message = bodyOf(said);
  return message && { ...message, from: said.from, seq: said.seq };
}

function bodyOf(said: Record<string, unknown>): ClusterMessage | undefined {
  const { type, topic } = said;
  if (type === 'hello' || type === 'bye') return { type };
  if (type === 'state' && Array.isArray(said.topics)) return { type, topics: said.topics.flatMap(topicOf) };
  if (typeof topic !== 'string') return undefined;
  if (type === 'presence' && isRecord(said.diff)) {
    return { type, topic, diff: { joins: presencesOf(said.diff.joins), leaves: presencesOf(said.diff.leaves) } };
  }
  if (type === 'broadcast' && isRecord(said.broadcast)) {
    const broadcast = broadcastOf(said.broadcast);
    return broadcast && { type, topic, broadcast };
  }
  return undefined;
}

function topicOf(entry: unknown): [string, Presence[]][] {
  if (!Array.isArray(entry)) return [];
  const [topic, presences]: unknown[] = entry;
  return typeof topic === 'string' ? [[topic, presencesOf(presences)]] : [];
}

function presencesOf(value: unknown): Presence[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown): Presence[] => {
    if (!isRecord(entry)) return [];
    const { ref, key, meta } = entry;
    if (typeof ref !== 'string' || typeof key !== 'string' || typeof meta !== 'string') return [];
    return [{ ref, key, meta }];
  });
}

function broadcastOf(value: Record<string, unknown>): Broadcast | undefined {
  const { form, payload, event, encoding, id } = value;
  if (typeof payload !== 'string') return undefined;
  if (form === 'text') return { form, payload, ...(typeof id === 'string' ? { id } : {}) };
  if (form !== 'user' || typeof event !== 'string' || (encoding !== 'json' && encoding !== 'binary')) return undefined;
  return { form, event, encoding, payload: Buffer.from(payload, 'base64') };
}
