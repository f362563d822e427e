export type OutboundProblem =
  | 'invalid_url'
  | 'https_required'
  | 'blocked_address'
  | 'dns'
  | 'connect'
  | 'timeout'
  | 'aborted'
  | 'too_large'
  | 'too_many_redirects'
  | 'redirect_body';

/** Why an outgoing call did not give an answer, in a sentence fit for a log that a customer reads. */
export class OutboundError extends Error {
  readonly problem: OutboundProblem;

  constructor(problem: OutboundProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'OutboundError';
    this.problem = problem;
  }
}

/** The first OutboundError in a chain of causes; libraries wrap what a connector throws. */
export function findOutboundError(error: unknown): OutboundError | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth += 1) {
    if (at instanceof OutboundError) return at;
    if (at instanceof AggregateError) {
      for (const one of at.errors) {
        const found = findOutboundError(one);
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

/** What undici's `fetch` threw, told as one sentence. `seconds` is the limit that applied. */
export function outboundError(error: unknown, host: string, seconds: number): OutboundError {
  const known = findOutboundError(error);
  if (known !== undefined) return known;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const name = error instanceof Error ? error.name : '';
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return new OutboundError('timeout', `${host} did not answer completely within ${seconds} s.`, error);
  }
  if (name === 'AbortError') return new OutboundError('aborted', `The call to ${host} was stopped.`, error);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new OutboundError('dns', `The host name ${host} could not be found.`, error);
  const why = code !== '' ? code : cause instanceof Error ? cause.message : 'unknown reason';
  return new OutboundError('connect', `No answer from ${host}: ${why}.`, error);
}
