import { createHmac } from 'node:crypto';
import type { Agenda } from './agenda.ts';
import type { Clock } from './clock.ts';
import { type JsonObject, metaJson } from './json.ts';
import type { World } from './model.ts';

export interface WebhookRequestOut {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** Posts one webhook and returns the HTTP status; throws when nobody answers. */
export type Deliver = (request: WebhookRequestOut) => Promise<number>;

/** What was posted, for tests and for the Sandbox's log. */
export interface Delivery {
  payload: JsonObject;
  body: string;
  at: number;
  attempt: number;
  /** HTTP status; 0 when nobody answered. */
  status: number;
}

export interface Webhooks {
  deliveries: readonly Delivery[];
  /** Signs and posts now; a callback that does not answer 2xx gets it again later. */
  post(payload: JsonObject): Promise<void>;
  /** Posts an earlier delivery once more, byte for byte: Meta delivers at least once. */
  redeliver(delivery: Delivery): Promise<void>;
  /** From now on nothing is posted, only kept. */
  hold(): void;
  /** Posts what was held, in the order that `arrange` gives it. */
  release(arrange?: (held: JsonObject[]) => JsonObject[]): Promise<void>;
}

/** “If a delivery fails we try again, with growing pauses, for up to 7 days”; the first of those pauses. */
const retryAfterMs = [5_000, 30_000, 120_000, 600_000, 3_600_000, 6 * 3_600_000];

/** A posted webhook that takes longer has failed. */
const TIMEOUT_MS = 20_000;

export async function deliverByHttp(request: WebhookRequestOut): Promise<number> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(request.url, { method: 'POST', headers: request.headers, body: request.body, signal });
  await response.arrayBuffer();
  return response.status;
}

export function sign(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export function createWebhooks(world: World, clock: Clock, agenda: Agenda, deliver: Deliver): Webhooks {
  const deliveries: Delivery[] = [];
  let held: JsonObject[] | undefined;

  async function attempt(payload: JsonObject, body: string, count: number): Promise<void> {
    const subscription = world.subscription;
    if (subscription === undefined) return;
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'facebookexternalua',
      'x-hub-signature': `sha1=${createHmac('sha1', world.app.secret).update(body).digest('hex')}`,
      'x-hub-signature-256': sign(world.app.secret, body),
    };
    const status = await deliver({ url: subscription.callbackUrl, headers, body }).catch(() => 0);
    deliveries.push({ payload, body, at: clock.now(), attempt: count, status });
    const pause = retryAfterMs[count - 1];
    if ((status < 200 || status > 299) && pause !== undefined) {
      agenda.add(clock.now() + pause, () => attempt(payload, body, count + 1));
    }
  }

  const post = async (payload: JsonObject) => {
    if (held !== undefined) held.push(payload);
    else await attempt(payload, metaJson(payload), 1);
  };

  return {
    deliveries,
    post,
    redeliver: (delivery) => attempt(delivery.payload, delivery.body, 1),
    hold() {
      held ??= [];
    },
    async release(arrange = (each) => each) {
      const payloads = arrange(held ?? []);
      held = undefined;
      for (const payload of payloads) await post(payload);
    },
  };
}
