import { type Frame, isRecord, MalformedFrame, type Ref, type UserBroadcast, type Vsn } from './frame.ts';

/** First byte of a binary frame (supabase/realtime, RealtimeWeb.Socket.V2Serializer). */
const PUSH = 0;
const USER_BROADCAST_PUSH = 3;
const JSON_ENCODING = 1;

/** Reads one websocket message. Throws MalformedFrame for anything that is not of the protocol version. */
export function decodeFrame(vsn: Vsn, data: Buffer, isBinary: boolean): Frame {
  if (isBinary) {
    if (vsn === '1.0.0') throw new MalformedFrame(1003, 'Version 1.0.0 has no binary messages.');
    return decodeBinary(data);
  }
  const value = parseJson(data);
  return vsn === '1.0.0' ? decodeObject(value) : decodeArray(value);
}

function decodeObject(value: unknown): Frame {
  if (!isRecord(value)) throw new MalformedFrame(1007, 'Expected an object with topic, event, payload and ref.');
  return frame(value.join_ref, value.ref, value.topic, value.event, value.payload);
}

function decodeArray(value: unknown): Frame {
  if (!Array.isArray(value) || value.length < 5) {
    throw new MalformedFrame(1007, 'Expected an array [join_ref, ref, topic, event, payload].');
  }
  const [joinRef, ref, topic, event, payload]: unknown[] = value;
  return frame(joinRef, ref, topic, event, payload);
}

function frame(joinRef: unknown, ref: unknown, topic: unknown, event: unknown, payload: unknown): Frame {
  if (typeof topic !== 'string' || typeof event !== 'string') {
    throw new MalformedFrame(1007, 'The topic and the event must be strings.');
  }
  return { joinRef: asRef(joinRef), ref: asRef(ref), topic, event, payload };
}

function asRef(value: unknown): Ref {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new MalformedFrame(1007, 'A ref must be a string.');
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    throw new MalformedFrame(1007, 'The message is not JSON.');
  }
}

function decodeBinary(data: Buffer): Frame {
  const reader = createReader(data);
  const kind = reader.byte();
  if (kind === USER_BROADCAST_PUSH) return decodeUserBroadcast(reader);
  if (kind === PUSH) return decodePush(reader);
  throw new MalformedFrame(1003, `Binary messages of kind ${kind} are not accepted.`);
}

/** kind | sizes of join_ref, ref, topic, event, metadata | encoding | the five texts | payload */
function decodeUserBroadcast(reader: Reader): Frame {
  const sizes = reader.bytes(5);
  const encoding = reader.byte() === JSON_ENCODING ? 'json' : 'binary';
  const [joinRef = '', ref = '', topic = '', event = '', metadata = ''] = sizes.map((size) => reader.text(size));
  const payload = reader.rest();
  if (encoding === 'json') parseJson(payload);
  const broadcast: UserBroadcast = { event, encoding, payload, metadata: metadataOf(metadata) };
  return { joinRef: joinRef || null, ref: ref || null, topic, event: 'broadcast', payload: null, broadcast };
}

/** Phoenix's own binary push: kind | sizes of join_ref, ref, topic, event | the four texts | payload */
function decodePush(reader: Reader): Frame {
  const sizes = reader.bytes(4);
  const [joinRef = '', ref = '', topic = '', event = ''] = sizes.map((size) => reader.text(size));
  return { joinRef: joinRef || null, ref: ref || null, topic, event, payload: reader.rest() };
}

function metadataOf(text: string): Record<string, unknown> {
  if (text === '') return {};
  const value = parseJson(Buffer.from(text));
  if (!isRecord(value)) throw new MalformedFrame(1007, 'The metadata of a broadcast must be an object.');
  return value;
}

interface Reader {
  byte(): number;
  bytes(count: number): number[];
  text(size: number): string;
  rest(): Buffer;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function createReader(data: Buffer): Reader {
  let offset = 0;
  const take = (size: number): Buffer => {
    if (offset + size > data.length) throw new MalformedFrame(1007, 'The binary message ends too early.');
    offset += size;
    return data.subarray(offset - size, offset);
  };
  return {
    byte: () => take(1).readUInt8(0),
    bytes: (count) => [...take(count)],
    text(size) {
      const bytes = take(size);
      try {
        return utf8.decode(bytes);
      } catch {
        throw new MalformedFrame(1007, 'A text in the binary message is not UTF-8.');
      }
    },
    // A copy: the frame's own buffer may be much larger than what is kept of it.
    rest: () => Buffer.from(data.subarray(offset)),
  };
}
