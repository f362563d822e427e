import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';
import { redactFields, redactText } from './redact.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** Where lines go; stdout when absent. */
  destination?: DestinationStream;
  /** Fields on every line, such as `{role: 'worker'}`. */
  base?: Record<string, unknown>;
}

/**
 * Structured logs: one JSON object per line, times in ISO 8601, levels by name. Secrets are removed by field name at any depth
 * and by their look inside texts, so a logged body, URL, header or database error cannot carry one out.
 *
 * @param level pino's: `silent`, `fatal`, `error`, `warn`, `info`, `debug` or `trace`
 */
export function createLogger(level = 'info', o: LoggerOptions = {}): Logger {
  const options = {
    level,
    base: o.base ?? null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    serializers: { err: serializeError, error: serializeError, req: serializeRequest },
    formatters: {
      level: (label: string) => ({ level: label }),
      bindings: redactFields,
      log: redactFields,
    },
    hooks: {
      // The whole line once more, because messages and stacks are free text.
      streamWrite: redactText,
    },
  };
  return o.destination === undefined ? pino(options) : pino(options, o.destination);
}

function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const plain = stdSerializers.errWithCause(error);
  const fields: Record<string, unknown> = { ...plain };
  // node-postgres errors carry rows in `detail` and the statement's text in `where`; both help, neither may carry a secret out.
  return redactFields(fields);
}

function serializeRequest(request: unknown): unknown {
  if (request === null || typeof request !== 'object') return request;
  // Reflect.get reads the getters of a Fastify request, which spreading would not. Headers and body are left out on purpose.
  const url: unknown = Reflect.get(request, 'url');
  return {
    id: Reflect.get(request, 'id'),
    method: Reflect.get(request, 'method'),
    url: typeof url === 'string' ? redactText(url) : undefined,
    ip: Reflect.get(request, 'ip'),
  };
}
