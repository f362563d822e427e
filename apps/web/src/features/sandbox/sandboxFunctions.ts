import type { Api } from '#api/client.ts';
import { ApiFailure, failureFrom } from '#api/failure.ts';

/** A phone at a channel: whom the server lets speak. */
export interface Line {
  channel_account_id: string;
  /** Digits of the international number. */
  phone: string;
}

/** What a customer does; `message_id` is the provider's id of a message, `messages.external_id`. */
export type Saying =
  | { kind: 'text'; text: string; reply_to?: string }
  | { kind: 'photo' | 'document'; text?: string }
  | { kind: 'location' }
  | { kind: 'reaction'; message_id: string; emoji: string | null }
  | { kind: 'button' | 'list'; message_id: string; id: string; title: string };

export type Trouble = 'unavailable' | 'rate_limited' | 'token_expired';

/** Speaks as the customer. The answer is the provider's id of what was said. */
export async function say(api: Api, line: Line, saying: Saying, name: string | undefined): Promise<string> {
  const answer = await call(api, 'say', { ...line, ...saying, ...(name === undefined ? {} : { name }) });
  const id = typeof answer === 'object' && answer !== null && 'message_id' in answer ? answer.message_id : undefined;
  if (typeof id !== 'string') throw new ApiFailure('server', 'The sandbox did not say which message it made');
  return id;
}

/** The customer looks at the chat: everything that has arrived is read. */
export async function readAll(api: Api, line: Line): Promise<void> {
  await call(api, 'read', line);
}

/** Makes the provider fail the next message, or work again. */
export async function disturb(api: Api, kind: Trouble | 'none'): Promise<void> {
  await call(api, 'trouble', { kind, times: 1 });
}

/** Gives the workspace a sandbox channel of a type, or answers with the one it has. */
export async function connectChannel(api: Api, type: 'WHATSAPP_CLOUD' | 'WEB_CHAT'): Promise<void> {
  await call(api, 'channels', { type });
}

async function call(api: Api, name: string, body: object): Promise<unknown> {
  const { data, error } = await api.functions.invoke<unknown>(`sandbox/${name}`, { body: { ...body } });
  if (error !== null) throw await failureOf(error);
  return data;
}

/** The client hides the server's own words in the response that it hangs on its error. */
async function failureOf(error: unknown): Promise<ApiFailure> {
  const response: unknown =
    typeof error === 'object' && error !== null && 'context' in error ? error.context : undefined;
  const words = error instanceof Error ? error.message : String(error);
  if (!(response instanceof Response)) return new ApiFailure('offline', words);
  const answer: unknown = await response.json().catch(() => null);
  const at = (key: string): string | undefined => {
    const found =
      typeof answer === 'object' && answer !== null
        ? new Map<string, unknown>(Object.entries(answer)).get(key)
        : undefined;
    return typeof found === 'string' ? found : undefined;
  };
  return failureFrom({ message: at('message') ?? at('error') ?? words, code: at('code') }, response.status);
}
