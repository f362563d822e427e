/** A provider in a process of its own: posts signed WhatsApp webhooks and prints what it measured as JSON. */
import { createHmac } from 'node:crypto';
import { Pool } from 'undici';

export interface WebhookLoad {
  url: string;
  path: string;
  appSecret: string;
  phoneNumberIds: readonly string[];
  senders: number;
  count: number;
  /** Posts under way at once. */
  connections: number;
  /** Posts per second; as many as get through when absent. */
  rate?: number;
  prefix: string;
}

export interface WebhookFigures {
  rate: number;
  p50: number;
  p95: number;
  p99: number;
  errors: number;
}

export function webhookBody(o: { phoneNumberId: string; waId: string; messageId: string; text: string }): string {
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '1',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '15550783881', phone_number_id: o.phoneNumberId },
              contacts: [{ profile: { name: `Customer ${o.waId}` }, wa_id: o.waId }],
              messages: [
                {
                  from: o.waId,
                  id: o.messageId,
                  timestamp: String(Math.floor(Date.now() / 1000)),
                  type: 'text',
                  text: { body: o.text },
                },
              ],
            },
          },
        ],
      },
    ],
  });
}

export function signature(appSecret: string, body: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}

async function run(load: WebhookLoad): Promise<WebhookFigures> {
  const pool = new Pool(load.url, { connections: load.connections });
  const requests = Array.from({ length: load.count }, (_, n) => {
    const body = webhookBody({
      phoneNumberId: load.phoneNumberIds[n % load.phoneNumberIds.length] ?? '',
      waId: String(201_000_000_000 + (n % load.senders)),
      messageId: `wamid.${load.prefix}${n}`,
      text: `Message number ${n} of a benchmark, about as long as people write.`,
    });
    return {
      body,
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature(load.appSecret, body) },
    };
  });
  const times: number[] = [];
  let errors = 0;
  let next = 0;
  const started = performance.now();
  async function worker(): Promise<void> {
    for (let n = next++; n < requests.length; n = next++) {
      const request = requests[n];
      if (!request) return;
      if (load.rate !== undefined) {
        const wait = started + (n * 1000) / load.rate - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      }
      const at = performance.now();
      const answer = await pool.request({ path: load.path, method: 'POST', ...request });
      await answer.body.dump();
      if (answer.statusCode !== 200) errors += 1;
      times.push(performance.now() - at);
    }
  }
  await Promise.all(Array.from({ length: load.connections }, worker));
  const seconds = (performance.now() - started) / 1000;
  await pool.close();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { rate: times.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99), errors };
}

if (import.meta.main) process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}'))));
