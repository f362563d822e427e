import { entityTooLarge } from '../errors.ts';

/** Bytes in any of the forms that callers have them in. */
export type ByteSource = Uint8Array | AsyncIterable<Uint8Array>;

export async function* bytesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (source instanceof Uint8Array) {
    if (source.byteLength > 0) yield source;
  } else yield* source;
}

/** Passes bytes on until there are more than `limit`; then throws EntityTooLarge. */
export async function* capped(body: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw entityTooLarge();
    yield chunk;
  }
}

/**
 * Hands the first `size` bytes (fewer when there are no more) to `inspect` before the first chunk is passed on; what `inspect` throws ends
 * the stream. Holds those chunks, never the whole stream.
 */
export async function* inspected(
  body: AsyncIterable<Uint8Array>,
  size: number,
  inspect: (head: Uint8Array) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let passed = false;
  for await (const chunk of body) {
    if (passed) {
      yield chunk;
      continue;
    }
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length < size) continue;
    await inspect(Buffer.concat(chunks).subarray(0, size));
    passed = true;
    yield* chunks.splice(0);
  }
  if (passed) return;
  await inspect(Buffer.concat(chunks));
  yield* chunks;
}

/**
 * Ends with the signal's reason as soon as it aborts, even while the source keeps us waiting.
 *
 * One promise per chunk on purpose: racing every chunk against one promise for the abort would keep all chunks in memory, because a pending
 * promise holds on to everything that was ever raced against it.
 */
export async function* interruptible(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  let interrupt: (reason: unknown) => void = () => undefined;
  const onAbort = () => interrupt(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        interrupt = reject;
        iterator.next().then(resolve, reject);
      });
      if (next.done) return;
      yield next.value;
      signal.throwIfAborted();
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited after an abort: a source that hangs would hang here too.
    const returned = iterator.return?.();
    if (signal.aborted) returned?.catch(() => undefined);
    else await returned;
  }
}
