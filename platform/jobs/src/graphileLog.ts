import { Logger as GraphileLogger } from 'graphile-worker';
import type { Logger } from 'pino';

/**
 * Graphile Worker's messages in our log, without their `meta`, which carries whole jobs with their payloads. Its lines about single jobs are
 * left out: graphileTask writes them with the error.
 */
export function graphileLog(log: Logger): GraphileLogger {
  const child = log.child({ module: 'graphile-worker' });
  return new GraphileLogger((scope) => (level, message, meta) => {
    if (meta !== undefined && ('failure' in meta || 'success' in meta)) return;
    const fields = scope.workerId === undefined ? {} : { worker: scope.workerId };
    if (level === 'error') child.error({ ...fields, ...errorOf(meta) }, message);
    else if (level === 'warning') child.warn(fields, message);
    else child.debug(fields, message);
  });
}

function errorOf(meta: Record<string, unknown> | undefined): { err?: unknown } {
  return meta !== undefined && 'error' in meta ? { err: meta.error } : {};
}
