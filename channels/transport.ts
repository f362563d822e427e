/**
 * How an adapter reaches its provider. It is handed in: the server passes its guarded fetch, the Sandbox and the tests
 * reach a simulator over real HTTP. Global `fetch` fits as it is.
 */

export interface TransportRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers: Record<string, string>;
  /** Multipart bodies arrive here already encoded, so that any fetch can carry them. */
  body?: string | Uint8Array<ArrayBuffer>;
  signal?: AbortSignal;
}

export interface TransportResponse {
  status: number;
  headers: { get(name: string): string | null };
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * @param limits what the caller expects of this one call; a transport that can enforce them does
 * @throws anything when there is no answer: the adapter turns it into a `ChannelError` of reason `network` or `timeout`
 */
export type Transport = (
  url: string,
  request: TransportRequest,
  limits?: { maxBytes?: number },
) => Promise<TransportResponse>;
