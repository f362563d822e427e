/** The other side of realtimeFanout: sockets that subscribe and take times, and a writer at a steady rate. A process of its own. */
import pg from 'pg';
import { WebSocket } from 'ws';

export interface ClientTask {
  url: string;
  /** One socket per token. */
  tokens: readonly string[];
  databaseUrl: string;
  organizations: readonly string[];
}

export type ToClients =
  | { do: 'connect'; task: ClientTask }
  | { do: 'write'; perSecond: number; seconds: number }
  | { do: 'report' };

export interface Report {
  /** Events received since the last report. */
  received: number;
  /** Milliseconds from the insert to its arrival. */
  p50: number;
  p95: number;
  p99: number;
}

const perBatch = 100;
let latencies: number[] = [];
let received = 0;
let task: ClientTask | undefined;

async function connect(wanted: ClientTask): Promise<void> {
  task = wanted;
  for (let i = 0; i < wanted.tokens.length; i += perBatch) {
    await Promise.all(wanted.tokens.slice(i, i + perBatch).map((token) => subscribe(wanted.url, token)));
  }
}

function subscribe(url: string, token: string): Promise<void> {
  const ws = new WebSocket(url, { perMessageDeflate: false });
  const changes = [{ event: 'INSERT', schema: 'public', table: 'lines' }];
  const payload = { access_token: token, config: { postgres_changes: changes, presence: { enabled: false } } };
  return new Promise((resolve, reject) => {
    ws.on('open', () => ws.send(JSON.stringify(['1', '1', 'realtime:inbox', 'phx_join', payload])));
    ws.on('error', reject);
    ws.on('message', (data) => {
      const text = String(data);
      const sent = /"sent":([\d.]+)/.exec(text)?.[1];
      if (sent !== undefined) latencies.push(now() - Number(sent));
      if (sent !== undefined || text.includes('"broadcast"')) received++;
      else if (text.includes('"phx_reply"')) {
        if (text.includes('"ok"')) resolve();
        else reject(new Error(text));
      }
    });
    setInterval(() => ws.send('[null,"h","phoenix","heartbeat",{}]'), 25_000).unref();
  });
}

/** Each row goes to the next organization and says when it was sent. */
async function write(perSecond: number, seconds: number): Promise<void> {
  if (!task) return;
  const pool = new pg.Pool({ connectionString: task.databaseUrl, max: 8 });
  const { organizations } = task;
  const begin = performance.now();
  const body = 'A message of a customer, about as long as they are. '.repeat(4);
  const pending: Promise<unknown>[] = [];
  for (let n = 0; n < perSecond * seconds; n++) {
    const wait = begin + (n * 1000) / perSecond - performance.now();
    if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
    const values = [organizations[n % organizations.length], body, now()];
    pending.push(
      pool.query({ name: 'line', text: 'insert into lines (organization_id, body, sent) values ($1, $2, $3)', values }),
    );
  }
  await Promise.all(pending);
  await pool.end();
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function report(): Report {
  const sorted = latencies.sort((a, b) => a - b);
  const at = (q: number) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
  const made = { received, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  latencies = [];
  received = 0;
  return made;
}

process.on('message', async (message: ToClients) => {
  if (message.do === 'connect') await connect(message.task);
  if (message.do === 'write') await write(message.perSecond, message.seconds);
  process.send?.(message.do === 'report' ? report() : { done: message.do });
});
