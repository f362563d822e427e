export { answerError } from './answerError.ts';
export { type AuthenticateOptions, apiKeyOf, authenticate, bearerOf, principalOf } from './authenticate.ts';
export { fromDatabase, isPostgresError, type PostgresError } from './databaseErrors.ts';
export { type DrainOptions, drain } from './drain.ts';
export * from './errors.ts';
export { toApiError } from './fromUnknown.ts';
export { functionsEnvelope, functionsError } from './functionsEnvelope.ts';
export {
  createGuardedFetch,
  type GuardedFetch,
  type GuardedFetchOptions,
  type GuardedInit,
  guardedFetch,
} from './guardedFetch.ts';
export { type HealthCheck, type HealthOptions, healthRoutes } from './health.ts';
export { type JsonParser, jsonParser } from './jsonParser.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { type GaugeSource, type GaugeValue, type MetricsOptions, metrics } from './metrics.ts';
export { isAllowed, isPublicAddress } from './outboundAddress.ts';
export type { Resolve } from './outboundAgent.ts';
export { OutboundError, type OutboundProblem } from './outboundErrors.ts';
export { parse, validationFromZod } from './parse.ts';
export {
  DEFAULT_LIMITS,
  type LimitRequest,
  organizationKey,
  type RequestLimit,
  rateLimits,
  requestLimit,
} from './rateLimits.ts';
export { isSensitiveName, redactSecrets, redactText } from './redact.ts';
export { decryptSecret, encryptSecret, isSealed } from './secrets.ts';
export {
  createHttpServer,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  gatewayEnvelope,
  type HttpServerOptions,
} from './server.ts';
export { type Claims, createTokens, type Tokens, type TokensOptions } from './tokens.ts';
