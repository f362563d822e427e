import type { Logger } from '@connectgain/http';
import type { Pool } from 'pg';

/** Carries texts from one node to all others, in the order in which they were published. Delivery is at most once. */
export interface Bus {
  /** Hands over a message; errors are logged, not thrown: what it carries is worthless a second later. */
  publish(message: string): void;
  close(): Promise<void>;
}

export interface BusHandlers {
  /** A message of any node, perhaps of this one. */
  onMessage(message: string): void;
  /** The connection was lost and is back: messages may be missing. */
  onGap(): void;
}

export interface BusSurroundings {
  url: string;
  owner: Pool;
  log: Logger;
}

export type CreateBus = (surroundings: BusSurroundings, handlers: BusHandlers) => Promise<Bus>;
