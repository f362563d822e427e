/**
 * Webhooks of WhatsApp Cloud, durably acknowledged while the same two cores also turn them into conversations, and the way
 * of a message to an agent's screen. The provider is a process of its own.
 *
 * The baseline of the acknowledgements is the least that any durable receiver must do: check the signature, one insert of
 * the body by the bare driver behind a bare Fastify route, on the same PostgreSQL.
 */
import { execFile } from 'node:child_process';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fastify from 'fastify';
import { median } from './load.ts';
import { type ProductProcess, startProductProcess } from './productProcess.ts';
import type { BenchResult } from './result.ts';
import { signature, type WebhookFigures, type WebhookLoad, webhookBody } from './webhookClient.ts';

const execute = promisify(execFile);
const client = fileURLToPath(new URL('./webhookClient.ts', import.meta.url));
const path = '/functions/v1/whatsapp-cloud-webhook';

export async function run(): Promise<BenchResult[]> {
  const product = await startProductProcess({ accounts: 10 });
  try {
    const common = {
      url: product.url,
      path,
      appSecret: product.appSecret,
      phoneNumberIds: product.accounts.map((account) => account.phoneNumberId),
      senders: 500,
    };
    await post({ ...common, count: 500, connections: 16, prefix: 'warm' });
    const bare = await bareReceiver(product);
    const most = await post({ ...common, count: 10_000, connections: 64, prefix: 'most' });
    const processed = await untilProcessed(product, 10_500);
    const steady = await post({ ...common, count: 3_000, connections: 64, rate: 300, prefix: 'steady' });
    await untilProcessed(product, 13_500);
    const screen = await toScreen(product);
    return [
      {
        name: 'webhook acknowledgements',
        value: most.rate,
        unit: '1/s',
        baseline: bare.rate,
        ratio: most.rate / bare.rate,
        bar: 1000,
      },
      { name: 'webhook acknowledgement p99 at 300/s', value: steady.p99, unit: 'ms', bar: 50 },
      { name: 'inbound messages processed after the burst', value: processed, unit: '1/s' },
      { name: 'webhook to screen p95', value: screen.p95, unit: 'ms', bar: 250 },
      { name: 'webhook to screen p50', value: screen.p50, unit: 'ms' },
    ];
  } finally {
    await product.stop();
  }
}

async function post(load: WebhookLoad): Promise<WebhookFigures> {
  const { stdout } = await execute(process.execPath, [client, JSON.stringify(load)], { maxBuffer: 10_000_000 });
  const figures: WebhookFigures = JSON.parse(stdout);
  if (figures.errors > 0) throw new Error(`${figures.errors} webhooks were not acknowledged with 200`);
  return figures;
}

async function bareReceiver(product: ProductProcess): Promise<WebhookFigures> {
  await product.pool.query(
    'create table if not exists bare_inbound (id bigint generated always as identity primary key, body jsonb)',
  );
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.post('/bare', async (request) => {
    const body = request.body;
    if (!Buffer.isBuffer(body)) throw new Error('no body');
    const expected = `sha256=${createHmac('sha256', product.appSecret).update(body).digest('hex')}`;
    if (!timingSafeEqual(Buffer.from(expected), Buffer.from(String(request.headers['x-hub-signature-256']))))
      throw new Error('signature');
    await product.pool.query('insert into bare_inbound (body) values ($1)', [body.toString()]);
    return { status: 'ok' };
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const figures = await post({
    url,
    path: '/bare',
    appSecret: product.appSecret,
    phoneNumberIds: ['1'],
    senders: 500,
    count: 10_000,
    connections: 64,
    prefix: 'bare',
  });
  await app.close();
  return figures;
}

/** Messages per second from now until all are conversations. */
async function untilProcessed(product: ProductProcess, count: number): Promise<number> {
  const started = performance.now();
  const done = async () =>
    Number(
      (await product.pool.query(`select count(*) as n from public.inbound_events where status = 'PROCESSED'`)).rows[0]
        ?.n,
    );
  const before = await done();
  for (let now = before; now < count; now = await done()) await new Promise((resolve) => setTimeout(resolve, 100));
  return (count - before) / ((performance.now() - started) / 1000);
}

async function toScreen(product: ProductProcess): Promise<{ p50: number; p95: number }> {
  const seen = new Map<string, (at: number) => void>();
  await new Promise<void>((resolve, reject) => {
    product.client
      .channel('screen')
      .on('postgres_changes', { event: 'INSERT', schema: 'public', table: 'messages' }, (change) => {
        seen.get(String(change.new.external_id))?.(performance.now());
      })
      .subscribe((status, error) => {
        if (status === 'SUBSCRIBED') resolve();
        else if (error) reject(error);
      });
  });
  const times: number[] = [];
  for (let n = 0; n < 200; n += 1) {
    const messageId = `wamid.screen${n}`;
    const body = webhookBody({
      phoneNumberId: product.accounts[n % 10]?.phoneNumberId ?? '',
      waId: String(201_500_000_000 + n),
      messageId,
      text: 'To the screen',
    });
    const arrived = new Promise<number>((resolve) => seen.set(messageId, resolve));
    const at = performance.now();
    const answer = await fetch(product.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature(product.appSecret, body) },
      body,
    });
    if (!answer.ok) throw new Error(`A webhook was answered with ${answer.status}.`);
    times.push((await arrived) - at);
  }
  times.sort((a, b) => a - b);
  return { p50: median(times), p95: times[Math.floor(times.length * 0.95)] ?? Number.NaN };
}
