import type { MigrationSet } from '@connectgain/postgres';

export { type Dispatcher, type DispatcherOptions, dispatchPending, startDispatcher } from './dispatcher.ts';
export { type DomainEvent, emitEvent, type NewEvent } from './event.ts';
export { type EventTasksOptions, eventTasks, sweepEvents } from './eventTasks.ts';
export { eventGauges, eventLag } from './lag.ts';
export { type EventContext, type Subscriber, subscribe } from './subscriber.ts';

/** Table public.events and schema `events` with `events.emit`. After the jobs set. */
export const migrations: MigrationSet = { name: 'events', directory: new URL('../migrations/', import.meta.url) };
