import { WebSocket } from 'ws';
import { collect, type Events } from './events.ts';
import type { Bench, Node } from './startRealtime.ts';

/** A websocket without a client library: what is written is what the server gets. */
export interface RawSocket {
  ws: WebSocket;
  /** Version 2 messages as arrays. */
  frames: Events<[unknown, unknown, string, string, Record<string, unknown>]>;
  say(...message: unknown[]): void;
  /** Code and reason, when the server closes it. */
  closed: Promise<{ code: number; reason: string }>;
}

export function openRaw(bench: Bench, node: Node, query = `apikey=${bench.anonKey}&vsn=2.0.0`): Promise<RawSocket> {
  const ws = new WebSocket(`ws://127.0.0.1:${node.port}/realtime/v1/websocket?${query}`, { perMessageDeflate: false });
  const frames: RawSocket['frames'] = collect();
  ws.on('message', (data, isBinary) => {
    if (!isBinary) frames.push(JSON.parse(String(data)));
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  return new Promise((resolve, reject) => {
    ws.on('error', () => undefined);
    ws.once('open', () => resolve({ ws, frames, closed, say: (...message) => ws.send(JSON.stringify(message)) }));
    ws.once('unexpected-response', (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
  });
}
