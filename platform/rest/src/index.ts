export { createRestEngine, type EngineOptions, type OpenApiOptions, type RestEngine } from './engine.ts';
export { RestError } from './errors.ts';
export type { HttpRequest } from './request/apiRequest.ts';
export type { Answer } from './response/answer.ts';
export { type MountOptions, mountEngine, type RestRoutes, type RestRoutesOptions, restRoutes } from './routes.ts';
