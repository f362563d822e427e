import type { FastifyInstance } from 'fastify';

export interface InjectedRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  signal?: AbortSignal;
}

export interface InjectedResponse {
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * Reaches the simulator inside the same process, without a port: for the Sandbox of an installation where no socket may
 * be opened and no private address called. Has the shape of the adapters' transport.
 */
export function injectTransport(
  app: FastifyInstance,
): (url: string, request: InjectedRequest) => Promise<InjectedResponse> {
  return async (url, request) => {
    const target = new URL(url);
    const answer = await app.inject({
      method: request.method,
      url: `${target.pathname}${target.search}`,
      headers: { ...request.headers, host: target.host },
      ...(request.body === undefined
        ? {}
        : { payload: typeof request.body === 'string' ? request.body : Buffer.from(request.body) }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const bytes = new Uint8Array(answer.rawPayload);
    return {
      status: answer.statusCode,
      headers: {
        get: (name) => {
          const value = answer.headers[name.toLowerCase()];
          return value === undefined ? null : String(value);
        },
      },
      text: async () => answer.body,
      arrayBuffer: async () => bytes.buffer,
    };
  };
}
