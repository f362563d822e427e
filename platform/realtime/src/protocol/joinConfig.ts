import { createHash } from 'node:crypto';
import { isRecord } from './frame.ts';

/** One `postgres_changes` binding as the client wrote it, with the id that events will carry. */
export interface ChangesRequest {
  id: number;
  /** INSERT, UPDATE, DELETE or *. */
  event: ChangeEvent;
  schema?: string;
  table?: string;
  filter?: string;
  select?: string[];
  /** Sent back in the join reply: clients compare it with what they asked for. */
  sent: Record<string, unknown>;
}

export type ChangeEvent = 'INSERT' | 'UPDATE' | 'DELETE' | '*';

/** What a client asks for in `phx_join`. */
export interface JoinConfig {
  accessToken: string | undefined;
  isPrivate: boolean;
  broadcast: {
    ack: boolean;
    self: boolean;
    replay: { since: number; limit: number } | undefined;
    announceReady: boolean;
  };
  presence: { enabled: boolean; key: string };
  changes: ChangesRequest[];
  /** The join is answered only once the changes are subscribed, and refused when they cannot be. */
  waitForChanges: boolean;
}

/** Reads a join payload. What is missing or of another type takes its default, as in supabase/realtime (Payloads.Join). */
export function parseJoinConfig(payload: unknown): JoinConfig {
  const join = isRecord(payload) ? payload : {};
  const config = isRecord(join.config) ? join.config : {};
  const broadcast = isRecord(config.broadcast) ? config.broadcast : {};
  const presence = isRecord(config.presence) ? config.presence : {};
  const options = isRecord(config.postgres_changes_options) ? config.postgres_changes_options : {};
  return {
    accessToken: asText(join.access_token) ?? asText(join.user_token),
    isPrivate: isTrue(config.private),
    broadcast: {
      ack: isTrue(broadcast.ack),
      self: isTrue(broadcast.self),
      replay: parseReplay(broadcast.replay),
      announceReady: isTrue(broadcast.replication_ready),
    },
    presence: { enabled: presence.enabled === undefined || isTrue(presence.enabled), key: asText(presence.key) ?? '' },
    changes: Array.isArray(config.postgres_changes) ? config.postgres_changes.filter(isRecord).map(parseChanges) : [],
    waitForChanges: isTrue(options.wait),
  };
}

function parseChanges(sent: Record<string, unknown>): ChangesRequest {
  return {
    id: idOf(sent),
    event: asEvent(sent.event),
    schema: asText(sent.schema),
    table: asText(sent.table),
    filter: asText(sent.filter)?.trim() || undefined,
    select: Array.isArray(sent.select) ? sent.select.filter((name) => typeof name === 'string') : undefined,
    sent,
  };
}

function parseReplay(value: unknown): { since: number; limit: number } | undefined {
  if (!isRecord(value)) return undefined;
  const since = typeof value.since === 'number' && Number.isFinite(value.since) ? value.since : 0;
  const limit = typeof value.limit === 'number' && Number.isFinite(value.limit) ? value.limit : 25;
  return { since, limit: Math.min(25, Math.max(1, Math.trunc(limit))) };
}

/** The same wish has the same id on every socket, so that one encoded event serves all of them. Never 0, which clients take for none. */
function idOf(sent: Record<string, unknown>): number {
  const digest = createHash('sha1').update(JSON.stringify(sent)).digest();
  return (digest.readUInt32BE(0) >>> 1) + 1;
}

function asEvent(value: unknown): ChangeEvent {
  const event = typeof value === 'string' ? value.toUpperCase() : '*';
  return event === 'INSERT' || event === 'UPDATE' || event === 'DELETE' ? event : '*';
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}
