import type { Logger, Tokens } from '@connectgain/http';
import type { Database, Principal } from '@connectgain/postgres';
import type { FeedTiming } from './changes/feed.ts';
import type { CreateBus } from './cluster/bus.ts';
import type { Limits } from './limits.ts';

export interface RealtimeOptions {
  database: Pick<Database, 'url' | 'owner' | 'requests'>;
  tokens: Tokens;
  log: Logger;
  limits?: Partial<Limits>;
  /**
   * May this principal use this topic (without `realtime:`)? Asked at every join, at every new token and for every broadcast over HTTP,
   * before the policies of a private channel. Without it every signed-in or anonymous user may join every public topic, as in Supabase.
   */
  authorizeTopic?(principal: Principal, topic: string): boolean | Promise<boolean>;
  /** False: only private channels. */
  publicChannels?: boolean;
  /**
   * Spares questions to row level security, and is what lets a node with thousands of users keep up where subscriptions have no filter:
   * a changed row whose `column` has another tenant than `of(principal)` is not offered to the principal at all. It lets nothing
   * through by itself. Rows without the column, rows of `shared` tables (`schema.table`: their rows concern other tenants too) and
   * principals without a tenant are asked about as ever. `of` is asked at every join and every new token.
   */
  tenant?: {
    column: string;
    of(principal: Principal): string | undefined | Promise<string | undefined>;
    shared?: readonly string[];
  };
  /** How nodes reach each other; PostgreSQL's NOTIFY when absent. */
  createBus?: CreateBus;
  timing?: Partial<FeedTiming & ClusterTiming>;
}

/** Milliseconds. */
export interface ClusterTiming {
  /** Between two signs of life of a node. */
  beat: number;
  /** Presence changes of a topic are collected for so long before they are sent. */
  presence: number;
  /** Between two looks at the sockets: silent ones, expired tokens, queues that stay long. */
  sweep: number;
}
