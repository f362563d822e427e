import { findOutboundError, type OutboundProblem } from '@connectgain/http/outboundErrors.ts';
import type { CallOptions } from '../contract.ts';
import { ChannelError, misconfiguredAccount } from '../failure.ts';
import { isObject, type JsonObject } from '../readJson.ts';
import type { Transport, TransportResponse } from '../transport.ts';
import type { WhatsappCloudAccount } from './account.ts';
import { classifyAnswer } from './classify.ts';
import { graphVersion } from './graphVersion.ts';

export interface GraphCall {
  method: 'GET' | 'POST' | 'DELETE';
  /** Below the version, without leading slash. */
  path: string;
  query?: Readonly<Record<string, string>>;
  json?: unknown;
  body?: { contentType: string; bytes: Uint8Array<ArrayBuffer> };
  /** Doing it twice is harmless, so a failure needs no `mayHaveArrived`. */
  repeatable?: boolean;
}

/** Connections that were never made: nothing can have been sent. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function errorCode(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  return typeof error.code === 'string' ? error.code : errorCode(error.cause);
}

function isTimeout(error: unknown, code: string): boolean {
  const name = error instanceof Error ? error.name : '';
  return name === 'TimeoutError' || name === 'AbortError' || code.includes('TIMEOUT') || code === 'ETIMEDOUT';
}

/** The guarded transport did not let the call out; the account's address is at fault, not the network. */
function refusedByGuard(problem: OutboundProblem | undefined): boolean {
  return problem === 'blocked_address' || problem === 'https_required' || problem === 'invalid_url';
}

/**
 * The transport gave no answer.
 * @param changesSomething whether carrying the call out twice would be noticed at Meta
 */
export function unanswered(error: unknown, changesSomething: boolean): ChannelError {
  const outbound = findOutboundError(error);
  if (outbound !== undefined && refusedByGuard(outbound.problem)) {
    return misconfiguredAccount(`The address of the provider cannot be called: ${outbound.message}`);
  }
  if (outbound?.problem === 'too_large') {
    const words = 'The file is larger than what is taken over.';
    return new ChannelError({ kind: 'permanent', reason: 'media_too_large', code: 'media_too_large', words });
  }
  const code = errorCode(error) ?? '';
  const timeout = outbound?.problem === 'timeout' || outbound?.problem === 'aborted' || isTimeout(error, code);
  const mayHaveArrived = changesSomething && outbound?.problem !== 'dns' && !neverConnected.has(code);
  return new ChannelError(
    {
      kind: 'transient',
      reason: timeout ? 'timeout' : 'network',
      code: code === '' ? (timeout ? 'timeout' : 'network') : code,
      words: timeout
        ? 'Meta did not answer in time. It is tried again.'
        : 'Meta could not be reached. Check the server’s connection to the internet; it is tried again.',
      ...(mayHaveArrived ? { mayHaveArrived } : {}),
    },
    { cause: error },
  );
}

async function readText(response: TransportResponse, changesSomething: boolean): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw unanswered(error, changesSomething);
  }
}

/**
 * One call to the Graph API with the account's token, answered by its JSON object.
 * @throws ChannelError for every answer that is not a success, and for none
 */
export async function graphRequest(
  account: WhatsappCloudAccount,
  call: GraphCall,
  transport: Transport,
  options: CallOptions = {},
): Promise<JsonObject> {
  const query = call.query ? `?${new URLSearchParams(call.query)}` : '';
  const url = `${account.baseUrl}/${graphVersion.version}/${call.path}${query}`;
  const changesSomething = call.method !== 'GET' && call.repeatable !== true;
  const headers: Record<string, string> = {
    authorization: `Bearer ${account.accessToken}`,
    accept: 'application/json',
  };
  if (call.json !== undefined) headers['content-type'] = 'application/json';
  if (call.body) headers['content-type'] = call.body.contentType;

  let response: TransportResponse;
  try {
    response = await transport(url, {
      method: call.method,
      headers,
      ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
      ...(call.body ? { body: call.body.bytes } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    throw unanswered(error, changesSomething);
  }
  const text = await readText(response, changesSomething);
  const body = parseJson(text);
  const success = response.status >= 200 && response.status < 300;
  if (success && isObject(body) && !isObject(body.error)) return body;
  if (!success || (isObject(body) && isObject(body.error))) {
    const { mayHaveArrived, ...failure } = classifyAnswer(response.status, body, response.headers);
    throw new ChannelError(mayHaveArrived === true && changesSomething ? { ...failure, mayHaveArrived } : failure);
  }
  throw new ChannelError({
    kind: 'transient',
    reason: 'unreadable_answer',
    code: `http_${response.status}`,
    words: 'Meta’s answer could not be read. It is tried again.',
    ...(changesSomething ? { mayHaveArrived: true } : {}),
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
