import { type Encoded, encodeMessage, encodeUserBroadcast } from '../protocol/encode.ts';
import type { Vsn } from '../protocol/frame.ts';
import type { Channel } from '../socket/channel.ts';
import { type Outbox, send } from '../socket/connection.ts';
import type { Topics } from './topics.ts';

/** A broadcast on its way to the channels of a topic. */
export type Broadcast =
  /** The payload of a `broadcast` event as JSON text: `{type, event, payload, meta?}`. */
  | { form: 'text'; payload: string; id?: string }
  /** As version 2 clients push it: sent on to them as bytes, and as text to the others. */
  | { form: 'user'; event: string; encoding: 'json' | 'binary'; payload: Buffer };

/** Sends to everybody on the topic who may read it, `except` the sender's channel. Returns how many. */
export function fanOut(outbox: Outbox, topics: Topics, key: string, broadcast: Broadcast, except?: Channel): number {
  const frames = new Map<string, Encoded | undefined>();
  let receivers = 0;
  for (const channel of topics.of(key)) {
    if (channel === except || !channel.rights.broadcastRead) continue;
    if (broadcast.form === 'text' && broadcast.id !== undefined && channel.replayed?.has(broadcast.id)) continue;
    const { vsn } = channel.connection;
    const frameKey = `${vsn}${channel.topic}`;
    if (!frames.has(frameKey)) frames.set(frameKey, encodeBroadcast(vsn, channel.topic, broadcast));
    const frame = frames.get(frameKey);
    if (!frame) continue;
    send(outbox, channel.connection, frame);
    receivers++;
  }
  return receivers;
}

/** Undefined where the version cannot carry it: 1.0.0 has no binary payloads. */
export function encodeBroadcast(vsn: Vsn, topic: string, broadcast: Broadcast): Encoded | undefined {
  if (broadcast.form === 'text') return encodeMessage(vsn, { topic, event: 'broadcast', payload: broadcast.payload });
  const { event, encoding, payload } = broadcast;
  if (vsn === '2.0.0') return encodeUserBroadcast({ topic, event, encoding, payload });
  if (encoding === 'binary') return undefined;
  return encodeMessage(vsn, { topic, event: 'broadcast', payload: broadcastText(event, payload.toString('utf8')) });
}

/** @param payload JSON text */
export function broadcastText(event: string, payload: string, meta?: Record<string, unknown>): string {
  const suffix = meta ? `,"meta":${JSON.stringify(meta)}` : '';
  return `{"type":"broadcast","event":${JSON.stringify(event)},"payload":${payload}${suffix}}`;
}
