import type { Ref, Vsn } from './frame.ts';

const USER_BROADCAST = 4;
const JSON_ENCODING = 1;
const BINARY_ENCODING = 0;

/** What is handed to the websocket: text frames as strings or UTF-8 bytes, binary frames as bytes. */
export interface Encoded {
  data: Buffer;
  binary: boolean;
}

/** The answer to a client's message: `status` "ok" or "error", `response` any JSON. */
export function encodeReply(
  vsn: Vsn,
  to: { joinRef: Ref; ref: Ref; topic: string },
  status: 'ok' | 'error',
  response: unknown,
): Encoded {
  return encodeMessage(vsn, { ...to, event: 'phx_reply', payload: JSON.stringify({ status, response }) });
}

/** A message from the server; `payload` is JSON text, so that one encoded payload serves many topics. */
export function encodeMessage(
  vsn: Vsn,
  message: { joinRef?: Ref; ref?: Ref; topic: string; event: string; payload: string },
): Encoded {
  const { joinRef = null, ref = null, topic, event, payload } = message;
  const text =
    vsn === '1.0.0'
      ? `{"topic":${JSON.stringify(topic)},"event":${JSON.stringify(event)},"payload":${payload},"ref":${JSON.stringify(ref)}}`
      : `[${JSON.stringify(joinRef)},${JSON.stringify(ref)},${JSON.stringify(topic)},${JSON.stringify(event)},${payload}]`;
  return { data: Buffer.from(text), binary: false };
}

/** Longest topic and event in bytes: the binary header keeps each length in one byte. */
export const longestName = 255;

/** A broadcast for version 2 clients: kind | sizes of topic, event, metadata | encoding | the three texts | payload. */
export function encodeUserBroadcast(o: {
  topic: string;
  event: string;
  encoding: 'json' | 'binary';
  payload: Buffer;
  metadata?: Record<string, unknown>;
}): Encoded {
  const topic = Buffer.from(o.topic);
  const event = Buffer.from(o.event);
  const metadata = Buffer.from(o.metadata ? JSON.stringify(o.metadata) : '');
  if (topic.length > longestName || event.length > longestName || metadata.length > longestName) {
    throw new RangeError('A topic, event or metadata of a broadcast is longer than 255 bytes.');
  }
  const header = Buffer.from([
    USER_BROADCAST,
    topic.length,
    event.length,
    metadata.length,
    o.encoding === 'json' ? JSON_ENCODING : BINARY_ENCODING,
  ]);
  return { data: Buffer.concat([header, topic, event, metadata, o.payload]), binary: true };
}
