import { Agent, type IncomingMessage, request } from 'node:http';

export interface Sent {
  method: string;
  /** Path with query, already percent-encoded. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
  /** Whether it went over the connection that the one before had used. */
  sameConnection: boolean;
}

/** One keep-alive connection, as clients and proxies hold it: every request goes over it until the server says that it closes. */
export interface Wire {
  send(sent: Sent): Promise<Answer>;
  close(): void;
}

/** Milliseconds after which an answer that does not come is a failure. */
const PATIENCE_MS = 10_000;

export function openWire(base: string): Wire {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname, port } = new URL(base);
  return {
    send(sent) {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const outgoing = request({
        agent,
        hostname,
        port,
        method: sent.method,
        path: sent.path,
        headers: {
          ...sent.headers,
          ...(sent.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(sent.body)) }),
        },
        timeout: PATIENCE_MS,
      });
      outgoing.on('timeout', () =>
        outgoing.destroy(new Error(`No answer in ${PATIENCE_MS} ms: ${sent.method} ${sent.path}`)),
      );
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString(),
            sameConnection: outgoing.reusedSocket,
          }),
        );
      });
      outgoing.end(sent.body);
      return promise;
    },
    close: () => agent.destroy(),
  };
}
