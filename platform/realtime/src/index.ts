import type { MigrationSet } from '@connectgain/postgres';

export type { Bus, BusHandlers, BusSurroundings, CreateBus } from './cluster/bus.ts';
export { createPostgresBus } from './cluster/postgresBus.ts';
export { defaultLimits, type Limits } from './limits.ts';
export type { RealtimeOptions } from './options.ts';
export { mount, realtimeGauges, realtimeRoutes } from './plugin.ts';
export { createRealtime, type Realtime } from './realtime.ts';
export type { RealtimeStats } from './stats.ts';

/** Schema `realtime`: `track`, `untrack`, `send`, `broadcast_changes`, `messages`, `topic()`. */
export const migrations: MigrationSet = { name: 'realtime', directory: new URL('../migrations/', import.meta.url) };
