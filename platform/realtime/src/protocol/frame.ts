/** Serializer versions of the Phoenix channel protocol: `1.0.0` sends JSON objects, `2.0.0` JSON arrays and binary broadcasts. */
export type Vsn = '1.0.0' | '2.0.0';

/** Message references are chosen by the client and sent back as they came. */
export type Ref = string | number | null;

/** A broadcast as version 2 clients push it: header fields outside the payload, the payload untouched. */
export interface UserBroadcast {
  event: string;
  encoding: 'json' | 'binary';
  payload: Buffer;
  metadata: Record<string, unknown>;
}

/** One message from a client. `payload` is unchecked JSON; `broadcast` is set instead where the frame was a binary broadcast. */
export interface Frame {
  joinRef: Ref;
  ref: Ref;
  topic: string;
  event: string;
  payload: unknown;
  broadcast?: UserBroadcast;
}

/** A frame that is not of the protocol: the socket is closed with `closeCode` (RFC 6455 section 7.4.1). */
export class MalformedFrame extends Error {
  /** 1007: the payload is not what its type says; 1003: a kind of data that is not accepted. */
  readonly closeCode: 1003 | 1007;

  constructor(closeCode: 1003 | 1007, message: string) {
    super(message);
    this.name = 'MalformedFrame';
    this.closeCode = closeCode;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
