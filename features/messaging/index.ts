export { type AccountCache, createAccountCache } from './accounts/accountCache.ts';
export { type AccountSources, type LoadedAccount, loadAccount } from './accounts/loadAccount.ts';
export { type AdapterLookup, adapterLookup } from './adapters.ts';
export { createInboundWriter, type InboundWriter } from './inbound/inboundWriter.ts';
export { type WebhookRouteOptions, webhookRoute } from './inbound/receiveWebhook.ts';
export { createProviderTransports, type ProviderTransports } from './providerTransport.ts';
export type { Queryable } from './queryable.ts';
export { type MessagingTasksOptions, messagingTasks, reprocessInbound } from './tasks.ts';
