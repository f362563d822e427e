import type { WidgetEvent } from '../../protocol.ts';
import { type Api, ApiError } from './api.ts';
import { createEventParser } from './eventStream.ts';

export interface Live {
  start(): void;
  stop(): void;
  /** Tries at once, for instance when the browser comes back online. */
  nudge(): void;
}

export interface LiveParts {
  api: Api;
  token: () => string;
  cursor: () => string;
  onEvents(events: WidgetEvent[], cursor: string | undefined): void;
  onState(connected: boolean): void;
  /** The token is no longer valid; a new session is needed before going on. */
  onRefused(error: ApiError): Promise<boolean>;
}

/** A stream that says nothing for this long is dead: the server sends a comment every 25 s. */
const SILENCE_MS = 60_000;
/** Proxies that collect answers let nothing through at first either; then long-polling it is. */
const FIRST_BYTE_MS = 10_000;
const MAX_PAUSE_MS = 30_000;

/**
 * Live updates: a server-sent event stream where the network lets it through, long-polling where it does not. Reconnects
 * with growing pauses and goes on from the last cursor, so nothing is missed and repeated events are harmless.
 */
export function createLive(parts: LiveParts): Live {
  let controller: AbortController | undefined;
  let polling = false;
  let failures = 0;
  let wake: (() => void) | undefined;

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function streamOnce(signal: AbortSignal): Promise<void> {
    const silence = new AbortController();
    const either = AbortSignal.any([signal, silence.signal]);
    let timer = setTimeout(() => silence.abort(), FIRST_BYTE_MS);
    let heard = false;
    try {
      const response = await parts.api.stream(parts.token(), parts.cursor(), either);
      if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
        polling = true;
        return;
      }
      parts.onState(true);
      const parse = createEventParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE_MS);
        heard = true;
        failures = 0;
        for (const { event, cursor } of parse(part.value)) parts.onEvents([event], cursor);
      }
    } catch (error) {
      if (silence.signal.aborted && !heard) polling = true;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async function pollOnce(signal: AbortSignal): Promise<void> {
    const answer = await parts.api.poll(parts.token(), parts.cursor(), signal);
    parts.onState(true);
    failures = 0;
    parts.onEvents(answer.events, answer.cursor);
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await (polling ? pollOnce(signal) : streamOnce(signal));
      } catch (error) {
        if (signal.aborted) return;
        parts.onState(false);
        failures += 1;
        if (error instanceof ApiError && !error.passing && !(await parts.onRefused(error))) return;
        const wait = error instanceof ApiError ? error.retryAfterMs : 0;
        await pause(Math.max(wait, Math.min(MAX_PAUSE_MS, 500 * 2 ** failures) * (0.5 + Math.random() / 2)));
      }
    }
  }

  return {
    start() {
      if (controller) return;
      controller = new AbortController();
      void run(controller.signal);
    },
    stop() {
      controller?.abort();
      controller = undefined;
      wake?.();
    },
    nudge() {
      failures = 0;
      wake?.();
    },
  };
}
