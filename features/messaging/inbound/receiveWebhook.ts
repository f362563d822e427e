import type { ChannelAdapter, WebhookPart, WebhookSecrets } from '@connectgain/channels/contract.ts';
import { ChannelError } from '@connectgain/channels/failure.ts';
import { ApiError, badRequest, type FastifyInstance, type FastifyRequest } from '@connectgain/http';
import type { AccountCache } from '../accounts/accountCache.ts';
import type { LoadedAccount } from '../accounts/loadAccount.ts';
import type { InboundEntry, InboundWriter } from './inboundWriter.ts';

export interface WebhookRouteOptions {
  /** Path below `/functions/v1`, such as `/whatsapp-cloud-webhook`. */
  path: string;
  adapter: ChannelAdapter;
  accounts: AccountCache;
  writer: InboundWriter;
  /** Which setting holds an account's signing secret. */
  signingSecret: string;
  /** Secrets of the installation's own provider app, used beside an account's. */
  shared: WebhookSecrets;
  /** Providers send up to 3 MB (Meta) in one call. */
  bodyLimit?: number;
}

/**
 * A provider's callback: `GET` answers its handshake, `POST` checks the signature over the raw bytes, stores every event
 * with one insert and answers `{"status":"ok"}`. Nothing else happens before the answer; the work is jobs.
 *
 * Errors: 401 bad or missing signature (nothing stored), 403 wrong verify token, 400 a body that is no JSON, 413.
 */
export function webhookRoute(o: WebhookRouteOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get<{ Querystring: Record<string, string | undefined> }>(o.path, async (request, reply) => {
      if (!o.adapter.handshake) throw badRequest('This channel has no callback check.');
      const token = request.query['hub.verify_token'] ?? '';
      const known = await o.accounts.knowsVerifyToken(o.adapter.type, token);
      const tokens = known ? [...o.shared.verifyTokens, token] : o.shared.verifyTokens;
      const answer = o.adapter.handshake(request.query, { signing: [], verifyTokens: tokens });
      if (!answer.ok) throw new ApiError({ status: 403, code: 'VERIFY_TOKEN_MISMATCH', message: answer.words });
      return reply.type('text/plain; charset=utf-8').send(answer.body);
    });

    app.post(o.path, { config: { rawBody: true }, bodyLimit: o.bodyLimit ?? 4 * 1024 * 1024 }, async (request) => {
      const rawBody = request.rawBody ?? Buffer.alloc(0);
      const parts = split(o.adapter, rawBody);
      const found = await resolveAccounts(o, parts);
      await verify(o, request, rawBody, found);
      await o.writer.write(entriesOf(o, parts, found));
      return { status: 'ok' };
    });
  };
}

type Accounts = Map<string, LoadedAccount | undefined>;

function split(adapter: ChannelAdapter, rawBody: Uint8Array): WebhookPart[] {
  try {
    return adapter.splitWebhook?.(rawBody) ?? [];
  } catch (error) {
    if (error instanceof ChannelError) throw badRequest(error.failure.words, { cause: error });
    throw error;
  }
}

async function resolveAccounts(
  o: WebhookRouteOptions,
  parts: readonly WebhookPart[],
  fresh = false,
): Promise<Accounts> {
  const keys = new Set(parts.flatMap((part) => (part.account ? [part.account.value] : [])));
  const accounts: Accounts = new Map();
  for (const key of keys) accounts.set(key, await o.accounts.get(o.adapter.type, key, { fresh }));
  return accounts;
}

/** Every account that the body speaks for must have signed it: one tenant's secret must not vouch for another's events. */
async function verify(
  o: WebhookRouteOptions,
  request: FastifyRequest,
  rawBody: Uint8Array,
  accounts: Accounts,
): Promise<void> {
  if (!o.adapter.verifyWebhook) return;
  const check = (secrets: readonly string[]) =>
    o.adapter.verifyWebhook?.(
      { rawBody, headers: request.headers, query: {} },
      { signing: secrets, verifyTokens: [] },
    ) ?? { ok: true as const };

  const owners = accounts.size === 0 ? [[undefined, undefined] as const] : [...accounts];
  for (const [key, account] of owners) {
    let verdict = check(secretsOf(o, account));
    if (!verdict.ok && key !== undefined) {
      const fresh = await o.accounts.get(o.adapter.type, key, { fresh: true });
      accounts.set(key, fresh);
      verdict = check(secretsOf(o, fresh));
    }
    if (!verdict.ok) {
      throw new ApiError({ status: 401, code: 'INVALID_SIGNATURE', message: verdict.words, details: verdict.reason });
    }
  }
}

function secretsOf(o: WebhookRouteOptions, account: LoadedAccount | undefined): string[] {
  const own = account?.secrets[o.signingSecret];
  return own ? [own] : [...o.shared.signing];
}

function entriesOf(o: WebhookRouteOptions, parts: readonly WebhookPart[], accounts: Accounts): InboundEntry[] {
  return parts.flatMap((part) => {
    const routingKey = part.account?.value ?? '';
    const account = accounts.get(routingKey);
    // A channel that was switched off stays verified but takes nothing in: its owner said so.
    if (account && !account.isActive) return [];
    return [{ part, channelType: o.adapter.type, routingKey, account }];
  });
}
