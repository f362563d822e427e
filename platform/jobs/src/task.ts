import type { Logger } from 'pino';
import { z } from 'zod';
import type { AddJobOptions } from './addJob.ts';
import { GiveUp } from './failures.ts';

/** What a handler knows about the run it is in. */
export interface JobContext {
  /** The job's id, as text: it is a bigint. */
  jobId: string;
  task: string;
  /** 1 on the first run. */
  attempt: number;
  maxAttempts: number;
  /** True when a failure now makes it a dead letter: the moment to tell somebody. */
  lastAttempt: boolean;
  /** Aborts when the worker must stop. A handler that ends with it is handed back without having used up an attempt. */
  signal: AbortSignal;
  /** Carries task and job id. */
  log: Logger;
  /** Adds a job in a transaction of its own. Inside one, use `addJob(client, ...)`. */
  addJob(task: string, payload: unknown, options?: AddJobOptions): Promise<string>;
}

export interface TaskOptions {
  /**
   * `slow` tasks (calls to other people's servers, media, AI) run in a worker pool of their own, so that twenty of them waiting for a
   * time-out do not hold up a customer's message. `main` when absent.
   */
  pool?: WorkerPoolName;
}

export type WorkerPoolName = 'main' | 'slow';

/** A task as the worker runs it: any payload in, checked by {@link defineTask}. */
export interface Task {
  readonly name: string;
  readonly pool: WorkerPoolName;
  run(payload: unknown, context: JobContext): Promise<void>;
}

/**
 * Names what a job does. `schema` is a zod schema, or a function that returns the payload typed or throws; a payload it refuses becomes a dead
 * letter at once, since trying again would not change it.
 *
 * A handler must be safe to repeat: it runs at least once per job. What it throws is kept in words with the job and tried again after
 * e^attempt seconds; throw {@link GiveUp} where another try is useless, RetryLater to choose the pause.
 */
export function defineTask<T>(
  name: string,
  schema: z.ZodType<T> | ((payload: unknown) => T),
  handler: (payload: T, context: JobContext) => Promise<unknown>,
  options: TaskOptions = {},
): Task {
  const parsePayload = typeof schema === 'function' ? schema : (payload: unknown) => schema.parse(payload);
  return {
    name,
    pool: options.pool ?? 'main',
    async run(payload, context) {
      await handler(parsed(parsePayload, payload), context);
    },
  };
}

function parsed<T>(parsePayload: (payload: unknown) => T, payload: unknown): T {
  try {
    return parsePayload(payload);
  } catch (cause) {
    const why =
      cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : String(cause);
    throw new GiveUp(`The job's payload is not what the task takes: ${why}`, { cause });
  }
}
