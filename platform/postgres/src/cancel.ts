import { connect } from 'node:net';
import type { Client } from 'pg';

/**
 * Runs work on a client, and when the signal fires first: asks the server to cancel what it runs there and rejects with the
 * signal's reason at once. The client is then busy or broken and must not go back to its pool.
 */
export async function abortable<T>(client: Client, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    cancelRunning(client);
    aborted.reject(signal.reason);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/**
 * Sends a CancelRequest (PostgreSQL documentation, "Message Formats") over a connection of its own. Nobody waits for it: the
 * caller drops the client anyway, the request only spares the server the rest of the work.
 */
function cancelRunning(client: Client): void {
  const key = backendKey(client);
  if (!key) return;
  const packet = Buffer.alloc(16);
  packet.writeInt32BE(16, 0);
  packet.writeInt32BE(80877102, 4);
  packet.writeInt32BE(key.processId, 8);
  packet.writeInt32BE(key.secret, 12);
  const socket = client.host.startsWith('/')
    ? connect(`${client.host}/.s.PGSQL.${client.port}`)
    : connect(client.port, client.host);
  socket.on('error', () => socket.destroy());
  socket.setTimeout(5_000, () => socket.destroy());
  socket.end(packet);
}

/** pg keeps the BackendKeyData of the connection on the client, outside its published types. */
function backendKey(client: Client): { processId: number; secret: number } | null {
  if (!('processID' in client) || !('secretKey' in client)) return null;
  const { processID, secretKey } = client;
  return typeof processID === 'number' && typeof secretKey === 'number'
    ? { processId: processID, secret: secretKey }
    : null;
}
