import type { Logger, Tokens } from '@connectgain/http';
import type { Principal } from '@connectgain/postgres';
import type { Pool } from 'pg';
import type { Subjects } from './auth/subjects.ts';
import type { TopicRights } from './auth/topicRights.ts';
import type { Feed } from './changes/feed.ts';
import type { Subscriptions } from './changes/subscriptions.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { Limits } from './limits.ts';
import type { Presences } from './presence/presences.ts';
import type { Connection, Outbox } from './socket/connection.ts';
import type { Topics } from './topics/topics.ts';

/** Totals since the start. */
export interface Counters {
  /** Frames handed to sockets. */
  sent: number;
  /** Sockets dropped because their clients read too slowly. */
  slowDropped: number;
  connected: number;
  refused: number;
  malformed: number;
  joins: number;
  joinsRefused: number;
  /** Rows read from the change feed. */
  changes: number;
  /** Messages of row changes handed to sockets. */
  changeDeliveries: number;
  /** Broadcasts received from clients, HTTP and SQL. */
  broadcasts: number;
  gaps: number;
}

/** What every part of one node's realtime service works with. */
export interface Hub {
  log: Logger;
  tokens: Tokens;
  owner: Pool;
  requests: Pool;
  limits: Limits;
  publicChannels: boolean;
  authorizeTopic(principal: Principal, topic: string): boolean | Promise<boolean>;
  /** '' for none. */
  tenantOf(principal: Principal): Promise<string>;
  counters: Counters;
  outbox: Outbox;
  connections: Set<Connection>;
  subjects: Subjects;
  topics: Topics;
  topicRights: TopicRights;
  presences: Presences;
  subscriptions: Subscriptions;
  feed: Feed;
  cluster: Cluster;
}

export function noCounts(): Counters {
  return {
    sent: 0,
    slowDropped: 0,
    connected: 0,
    refused: 0,
    malformed: 0,
    joins: 0,
    joinsRefused: 0,
    changes: 0,
    changeDeliveries: 0,
    broadcasts: 0,
    gaps: 0,
  };
}
