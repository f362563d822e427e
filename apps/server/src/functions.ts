import { webhookRoute } from '@connectgain/features/messaging/index.ts';
import { sendFunction } from '@connectgain/features/messaging/outbound/sendFunction.ts';
import { webChatRoutes } from '@connectgain/features/messaging/webChat/webChatRoutes.ts';
import { type FastifyInstance, functionsEnvelope } from '@connectgain/http';
import type { ApiParts } from './api.ts';
import type { RequestLimits } from './requestLimits.ts';

/** `/functions/v1`: what providers and visitors call, and behind the limit what members and API keys call. */
export async function functions(app: FastifyInstance, parts: ApiParts, limits: RequestLimits): Promise<void> {
  const { config, database, tokens } = parts;
  await app.register(functionsEnvelope);
  const member = { requests: database.requests, tokens };
  const shared = {
    signing: config.META_APP_SECRET ? [config.META_APP_SECRET] : [],
    verifyTokens: config.WHATSAPP_CLOUD_VERIFY_TOKEN ? [config.WHATSAPP_CLOUD_VERIFY_TOKEN] : [],
  };
  // Providers are not limited: they retry what is refused, and what they send is wanted.
  await app.register(
    webhookRoute({
      path: '/whatsapp-cloud-webhook',
      adapter: parts.adapters.whatsappCloud,
      accounts: parts.accounts,
      writer: parts.inbound,
      signingSecret: 'app_secret',
      shared,
    }),
  );
  await app.register(
    webChatRoutes({
      database,
      storage: parts.storage,
      accounts: parts.accounts,
      sources: parts.sources,
      writer: parts.inbound,
      secret: parts.secrets.jwtSecret,
      log: parts.log,
    }),
  );
  await app.register(async (scope: FastifyInstance) => {
    limits.functions(scope);
    await scope.register(sendFunction({ ...member, path: '/whatsapp-cloud-send', channelType: 'WHATSAPP_CLOUD' }));
    if (parts.sandbox)
      await scope.register((inner: FastifyInstance) => parts.sandbox?.routes(inner) ?? Promise.resolve());
  });
}
