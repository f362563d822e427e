import { createHash, randomBytes } from 'node:crypto';

/** A message id in WhatsApp's form: `wamid.` and base64 of a header with the customer's number and a random part. */
export function wamid(waId: string): string {
  const header = Buffer.concat([Buffer.from([0x1d, 0x0b, waId.length]), Buffer.from(waId, 'ascii')]);
  const tail = Buffer.concat([
    Buffer.from([0x15, 0x02, 0x00]),
    Buffer.from(randomBytes(10).toString('hex').toUpperCase()),
  ]);
  return `wamid.${Buffer.concat([header, tail, Buffer.from([0])]).toString('base64')}`;
}

/** Fifteen or so digits, like every id in the graph. */
export function graphId(): string {
  const number = randomBytes(6).readUIntBE(0, 6) % 900_000_000_000_000;
  return String(100_000_000_000_000 + number);
}

/** A business-scoped user id: stable for one customer of one business. */
export function userIdFor(waId: string): string {
  const digest = createHash('sha256').update(waId).digest().readBigUInt64BE();
  return `US.${digest.toString().padStart(20, '1').slice(0, 20)}`;
}

export function traceId(): string {
  return `A${randomBytes(12).toString('base64url')}`;
}
