import { serialize } from 'pg-protocol';
import { encodeValue } from './encodeValue.ts';
import type { Statement } from './pipeline.ts';

export interface EncodedBatch {
  /** Everything up to and with the Sync. */
  bytes: Buffer;
  /** The Parse messages among it, in order; `name` undefined for the unnamed statement. */
  parsed: { name: string | undefined; text: string }[];
}

/**
 * The messages of a batch: Close for what is to be forgotten, then per statement Parse where `knownText` has none, Bind, Describe and
 * Execute, then one Sync (PostgreSQL documentation, "Frontend/Backend Protocol", section "Extended Query").
 * Throws on a value that cannot be a parameter and on a name with two texts; nothing has been sent by then.
 */
export function encodeBatch(
  closing: readonly string[],
  statements: readonly Statement[],
  knownText: (name: string) => string | undefined,
): EncodedBatch {
  const messages: Buffer[] = closing.map((name) => serialize.close({ type: 'S', name: wireName(name) }));
  const parsed: EncodedBatch['parsed'] = [];
  const parsedHere = new Map<string, string>();
  for (const { name, text, values, discardRows } of statements) {
    const known = name === undefined ? undefined : (parsedHere.get(name) ?? knownText(name));
    if (known !== undefined && known !== text) {
      throw new Error(`Prepared statement "${name}" was used for two different texts`);
    }
    const statement = name === undefined ? '' : wireName(name);
    if (known === undefined) {
      messages.push(serialize.parse({ name: statement, text, types: [] }));
      parsed.push({ name, text });
      if (name !== undefined) parsedHere.set(name, text);
    }
    messages.push(serialize.bind({ statement, values: (values ?? []).map(encodeValue) }));
    if (!discardRows) messages.push(serialize.describe({ type: 'P' }));
    messages.push(serialize.execute());
  }
  messages.push(serialize.sync());
  return { bytes: Buffer.concat(messages), parsed };
}

/** Keeps our names apart from statements that somebody names through `client.query` on the same connection. */
function wireName(name: string): string {
  return `p.${name}`;
}
