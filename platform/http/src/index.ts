export { answerError } from './answerError.ts';
export { type AuthenticateOptions, apiKeyOf, authenticate, bearerOf, principalOf } from './authenticate.ts';
export { fromDatabase, isPostgresError, type PostgresError } from './databaseErrors.ts';
export * from './errors.ts';
export { toApiError } from './fromUnknown.ts';
export { functionsEnvelope, functionsError } from './functionsEnvelope.ts';
export { createLogger, type Logger, type LoggerOptions } from './logger.ts';
export { parse, validationFromZod } from './parse.ts';
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
