import type {
  EventsAnswer,
  Identity,
  MessagesAnswer,
  SessionAnswer,
  SessionRequest,
  VisitorMessage,
  WidgetAttachment,
  WidgetMessage,
} from '../../protocol.ts';

/** An answer of the server that is not a success; `status` 0 means that there was none. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterMs: number;

  constructor(status: number, code: string, message: string, retryAfterMs = 0) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** Worth another try as it is. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export interface Api {
  session(request: Omit<SessionRequest, 'widget_key'>): Promise<SessionAnswer>;
  identify(identity: Identity, token: string): Promise<SessionAnswer>;
  messages(token: string, before?: string): Promise<MessagesAnswer>;
  send(token: string, message: VisitorMessage): Promise<WidgetMessage>;
  read(token: string, messageId: string): Promise<void>;
  typing(token: string, typing: boolean): Promise<void>;
  upload(token: string, file: File): Promise<WidgetAttachment>;
  poll(token: string, cursor: string, signal: AbortSignal): Promise<EventsAnswer>;
  /** The open response of the event stream. */
  stream(token: string, cursor: string, signal: AbortSignal): Promise<Response>;
}

interface Call {
  method: 'GET' | 'POST';
  token?: string;
  json?: unknown;
  body?: Blob;
  accept?: string;
  signal?: AbortSignal;
}

async function failure(response: Response): Promise<ApiError> {
  const seconds = Number(response.headers.get('retry-after'));
  const wait = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
  let code = '';
  let message = '';
  try {
    const body: unknown = await response.json();
    if (typeof body === 'object' && body !== null) {
      if ('code' in body && typeof body.code === 'string') code = body.code;
      if ('message' in body && typeof body.message === 'string') message = body.message;
    }
  } catch {
    // Not our envelope: a proxy answered; the status has to do.
  }
  return new ApiError(response.status, code, message, wait);
}

/** The endpoints of README.md. Requests carry no cookies: the visitor's token is the only identity. */
export function createApi(base: string, key: string): Api {
  const root = `${base}/functions/v1/web-chat`;

  async function call(path: string, request: Call): Promise<Response> {
    const headers: Record<string, string> = { accept: request.accept ?? 'application/json' };
    if (request.token) headers.authorization = `Bearer ${request.token}`;
    if (request.json !== undefined) headers['content-type'] = 'application/json';
    if (request.body) headers['content-type'] = request.body.type || 'application/octet-stream';
    let response: Response;
    try {
      response = await fetch(root + path, {
        method: request.method,
        headers,
        body: request.json === undefined ? (request.body ?? null) : JSON.stringify(request.json),
        signal: request.signal ?? null,
        credentials: 'omit',
        mode: 'cors',
      });
    } catch (error) {
      throw new ApiError(0, request.signal?.aborted ? 'ABORTED' : 'NETWORK', String(error));
    }
    if (!response.ok) throw await failure(response);
    return response;
  }

  // The server is ours and of the same version; its answers are taken at their word.
  async function ask<T>(path: string, request: Call): Promise<T> {
    const response = await call(path, request);
    try {
      return await response.json();
    } catch (error) {
      throw new ApiError(0, 'NETWORK', String(error));
    }
  }

  return {
    session: (request) => ask('/sessions', { method: 'POST', json: { widget_key: key, ...request } }),
    identify: (identity, token) =>
      ask('/sessions', { method: 'POST', json: { widget_key: key, visitor_token: token, identity } }),
    messages: (token, before) =>
      ask(`/messages${before === undefined ? '' : `?before=${encodeURIComponent(before)}`}`, { method: 'GET', token }),
    send: async (token, message) => {
      const answer = await ask<{ message: WidgetMessage }>('/messages', { method: 'POST', token, json: message });
      return answer.message;
    },
    read: async (token, messageId) => {
      await call('/read', { method: 'POST', token, json: { message_id: messageId } });
    },
    typing: async (token, typing) => {
      await call('/typing', { method: 'POST', token, json: { typing } });
    },
    upload: (token, file) =>
      ask(`/attachments?file_name=${encodeURIComponent(file.name.slice(0, 255))}`, {
        method: 'POST',
        token,
        body: file,
      }),
    poll: (token, cursor, signal) =>
      ask(`/events?cursor=${encodeURIComponent(cursor)}`, { method: 'GET', token, signal }),
    stream: (token, cursor, signal) =>
      call(`/events?cursor=${encodeURIComponent(cursor)}`, {
        method: 'GET',
        token,
        signal,
        accept: 'text/event-stream',
      }),
  };
}
