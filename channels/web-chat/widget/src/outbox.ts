import type { VisitorMessage, WidgetMessage } from '../../protocol.ts';
import { ApiError } from './api.ts';
import type { MemoryStore } from './memory.ts';

export interface Outbox {
  add(message: VisitorMessage): void;
  /** Sends what waits, one after another; does nothing while it is at it. */
  flush(): Promise<void>;
  retry(clientId: string): void;
  pending(): readonly VisitorMessage[];
  stop(): void;
}

export interface OutboxParts {
  memory: MemoryStore;
  send(message: VisitorMessage): Promise<WidgetMessage>;
  onSent(message: WidgetMessage): void;
  onWaiting(clientId: string): void;
  /** The server will not take it; the visitor decides. */
  onFailed(clientId: string, error: ApiError): void;
  /** Gets a new session when the token is refused; whether to go on. */
  onRefused(error: ApiError): Promise<boolean>;
}

const MAX_PAUSE_MS = 30_000;

/**
 * Messages on their way to the server, in the order of writing, kept over reloads and times without network. Sending
 * one twice is harmless: the server knows it by its client id.
 */
export function createOutbox(parts: OutboxParts): Outbox {
  const failed = new Set<string>();
  let running = false;
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const waiting = () => parts.memory.read().outbox;
  const remove = (clientId: string) =>
    parts.memory.change({ outbox: waiting().filter((message) => message.client_id !== clientId) });

  async function sendOne(message: VisitorMessage): Promise<boolean> {
    try {
      const stored = await parts.send(message);
      remove(message.client_id);
      attempts = 0;
      parts.onSent(stored);
      return true;
    } catch (error) {
      const problem = error instanceof ApiError ? error : new ApiError(0, 'NETWORK', String(error));
      if (problem.status === 401 && (await parts.onRefused(problem))) return true;
      if (problem.passing) {
        attempts += 1;
        parts.onWaiting(message.client_id);
        const pause = Math.max(problem.retryAfterMs, Math.min(MAX_PAUSE_MS, 1000 * 2 ** (attempts - 1)));
        timer = setTimeout(() => void outbox.flush(), pause);
        return false;
      }
      failed.add(message.client_id);
      parts.onFailed(message.client_id, problem);
      return true;
    }
  }

  const outbox: Outbox = {
    add(message) {
      parts.memory.change({ outbox: [...waiting(), message] });
      void outbox.flush();
    },
    async flush() {
      if (running) return;
      running = true;
      clearTimeout(timer);
      try {
        for (let next = nextOf(waiting(), failed); next; next = nextOf(waiting(), failed)) {
          if (!(await sendOne(next))) break;
        }
      } finally {
        running = false;
      }
    },
    retry(clientId) {
      failed.delete(clientId);
      parts.onWaiting(clientId);
      void outbox.flush();
    },
    pending: waiting,
    stop: () => clearTimeout(timer),
  };
  return outbox;
}

function nextOf(messages: readonly VisitorMessage[], failed: ReadonlySet<string>): VisitorMessage | undefined {
  return messages.find((message) => !failed.has(message.client_id));
}
