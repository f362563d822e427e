import { Readable } from 'node:stream';
import type { FastifyReply } from '@connectgain/http';
import type { Changes } from './widgetMessages.ts';

export interface EventStreamOptions {
  from: string;
  /** Aborts when the visitor is gone. */
  signal: AbortSignal;
  changesSince(cursor: string): Promise<Changes>;
  /** True at the next change, false when nothing happened for a while. */
  wait(signal: AbortSignal): Promise<boolean>;
}

/** A stream ends by itself after this long, so that a deployed node can drain; the widget goes on from its cursor. */
const LIFETIME_MS = 10 * 60_000;

/** Server-sent events (HTML standard, section 9.2): each with the cursor as its id, a comment where there is silence. */
export function sendEventStream(reply: FastifyReply, o: EventStreamOptions): FastifyReply {
  const ended = AbortSignal.any([o.signal, AbortSignal.timeout(LIFETIME_MS)]);
  async function* events(): AsyncGenerator<string> {
    let cursor = o.from;
    yield ': connected\n\n';
    while (!ended.aborted) {
      // Asked for before looking, so that a change in between wakes us.
      const change = o.wait(ended);
      const changes = await o.changesSince(cursor);
      for (const message of changes.messages) {
        yield `id: ${changes.cursor}\ndata: ${JSON.stringify({ type: 'message', message })}\n\n`;
      }
      cursor = changes.cursor;
      if (!(await change)) yield ': still here\n\n';
    }
  }
  return (
    reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store, no-transform')
      .header('x-accel-buffering', 'no')
      // Keeps the compression plugin away, which would collect events until its buffer is full.
      .header('content-encoding', 'identity')
      .send(Readable.from(events()))
  );
}
