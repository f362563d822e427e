import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphError } from './graphError.ts';

/** What goes wrong, on demand. */
export type Fault =
  /** An error envelope of Meta's, for instance code 190 or 131016. */
  | { kind: 'graph'; code: number; details?: string; headers?: Record<string, string> }
  /** A status without any envelope. */
  | { kind: 'http'; status: number; body?: string; headers?: Record<string, string> }
  /** 200 and a web page. */
  | { kind: 'garbage' }
  /** The connection is cut without an answer. */
  | { kind: 'cut' }
  /** No answer for ever; ends when the caller gives up. */
  | { kind: 'silence' }
  /** Carried out, but the connection is cut before the answer: the case that makes duplicates. */
  | { kind: 'lost_answer' };

export type Endpoint = 'messages' | 'receipts' | 'media' | 'download' | 'node' | 'templates';

interface Planned {
  endpoint: Endpoint | 'any';
  fault: Fault;
  times: number;
}

export interface Faults {
  /** The next `times` calls to the endpoint fail so. */
  next(endpoint: Endpoint | 'any', fault: Fault, times?: number): void;
  clear(): void;
  /** Resolves when a call is being held in silence. */
  silent(): Promise<void>;
  /** Answers with the fault planned for this call; true when the call must not be handled further. */
  strike(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): boolean;
  /** Whether this call's answer is to be lost after its work. */
  losesAnswer(request: FastifyRequest): boolean;
}

export function createFaults(): Faults {
  let planned: Planned[] = [];
  let announce = Promise.withResolvers<void>();
  const lost = new WeakSet<FastifyRequest>();

  function take(endpoint: Endpoint): Fault | undefined {
    const entry = planned.find((each) => each.endpoint === endpoint || each.endpoint === 'any');
    if (entry === undefined) return undefined;
    entry.times -= 1;
    if (entry.times <= 0) planned = planned.filter((each) => each !== entry);
    return entry.fault;
  }

  return {
    next(endpoint, fault, times = 1) {
      planned.push({ endpoint, fault, times });
    },
    clear() {
      planned = [];
    },
    silent: () => announce.promise,
    losesAnswer: (request) => lost.has(request),
    strike(endpoint, request, reply) {
      const fault = take(endpoint);
      switch (fault?.kind) {
        case undefined:
          return false;
        case 'graph': {
          const error = new GraphError(fault.code, fault.details === undefined ? {} : { details: fault.details });
          reply
            .code(error.status)
            .headers(fault.headers ?? {})
            .send(error.envelope);
          return true;
        }
        case 'http':
          reply
            .code(fault.status)
            .headers(fault.headers ?? {})
            .send(fault.body ?? '');
          return true;
        case 'garbage':
          reply.code(200).type('text/html').send('<!DOCTYPE html><title>Sorry, something went wrong.</title>');
          return true;
        case 'cut':
          reply.hijack();
          request.raw.socket.destroy();
          return true;
        case 'silence':
          reply.hijack();
          announce.resolve();
          announce = Promise.withResolvers<void>();
          return true;
        case 'lost_answer':
          lost.add(request);
          return false;
      }
    },
  };
}
