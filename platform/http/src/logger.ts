import { type DestinationStream, type Logger, pino } from 'pino';
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
  return error instanceof Error ? redactFields(describeError(error)) : error;
}

/**
 * Type, message, stack, causes, and the fields that libraries add (code, status, detail). Objects of classes are left out: node-postgres hangs
 * the whole client on some errors, HTTP clients their request, and those say nothing here and may say too much.
 */
function describeError(error: Error, depth = 0): Record<string, unknown> {
  const described: Record<string, unknown> = {
    type: error.constructor.name,
    message: error.message,
    stack: error.stack,
  };
  for (const [name, value] of Object.entries(error)) {
    if (name !== 'cause' && name !== 'errors' && (typeof value !== 'object' || isPlain(value))) described[name] = value;
  }
  if (depth < 4) {
    if (error.cause instanceof Error) described.cause = describeError(error.cause, depth + 1);
    else if (error.cause !== undefined) described.cause = String(error.cause);
    if (error instanceof AggregateError) {
      described.errors = error.errors.map((one) =>
        one instanceof Error ? describeError(one, depth + 1) : String(one),
      );
    }
  }
  return described;
}

function isPlain(value: object | null): boolean {
  const prototype: unknown = value === null ? null : Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
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
