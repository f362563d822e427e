import { sign } from '../simulators/graph/index.ts';

/** One WhatsApp message as Meta posts it. */
export interface Said {
  from: string;
  id: string;
  text: string;
  /** Unix seconds. */
  at: number;
}

export interface Provider {
  /** Posts until it is acknowledged, as Meta does; returns how many tries that took. */
  deliver(said: Said): Promise<number>;
}

export interface ProviderOptions {
  /** Where to post; asked at every try, for providers that have several nodes behind a balancer. */
  url(): string;
  phoneNumberId: string;
  appSecret: string;
  /** Waits until another try makes sense. */
  patience(): Promise<void>;
}

/** Meta's side of the webhook: signed posts, at least once, tried again until the answer is 200. */
export function createProvider(o: ProviderOptions): Provider {
  async function post(body: string): Promise<boolean> {
    try {
      const answer = await fetch(`${o.url()}/functions/v1/whatsapp-cloud-webhook`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-hub-signature-256': sign(o.appSecret, body) },
        body,
        signal: AbortSignal.timeout(10_000),
      });
      await answer.arrayBuffer();
      return answer.status === 200;
    } catch {
      return false;
    }
  }
  return {
    async deliver(said) {
      const body = webhookBody(o.phoneNumberId, said);
      for (let tries = 1; ; tries += 1) {
        if (await post(body)) return tries;
        await o.patience();
      }
    },
  };
}

function webhookBody(phoneNumberId: string, said: Said): string {
  return JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '102290129340398',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '15550783881', phone_number_id: phoneNumberId },
              contacts: [{ profile: { name: `Customer ${said.from}` }, wa_id: said.from }],
              messages: [
                { from: said.from, id: said.id, timestamp: String(said.at), type: 'text', text: { body: said.text } },
              ],
            },
          },
        ],
      },
    ],
  });
}
