import type { Subject } from '../auth/subjects.ts';
import type { Member } from '../changes/subscriptions.ts';
import type { Ref } from '../protocol/frame.ts';
import type { Connection } from './connection.ts';
import type { TokenBucket } from './tokenBucket.ts';

/** What the policies of a private channel allow; to send is undefined until it is asked. On public channels everything is allowed. */
export interface ChannelRights {
  broadcastRead: boolean;
  presenceRead: boolean;
  broadcastWrite?: boolean;
  presenceWrite?: boolean;
}

/** One joined topic of one socket. */
export interface Channel {
  connection: Connection;
  /** As the client names it: `realtime:room1`. */
  topic: string;
  /** Without the prefix: `room1`. */
  name: string;
  isPrivate: boolean;
  joinRef: Ref;
  state: 'joining' | 'joined' | 'closed';
  broadcast: { ack: boolean; self: boolean };
  presence: { enabled: boolean; key: string };
  members: Member[];
  /** Who it is; undefined until the token is checked. */
  subject: Subject | undefined;
  token: string;
  /** Unix milliseconds at which the token ends. */
  expiresAt: number;
  rights: ChannelRights;
  presenceEvents: TokenBucket;
  /** The presence this channel tracks: its reference and its payload as JSON. */
  tracked: { ref: string; payload: string } | undefined;
  /** Set while a message is being worked on: the next ones wait, so that a channel's messages keep their order. */
  busy: Promise<void> | undefined;
  /** Broadcasts already sent by replay, not to be sent twice. */
  replayed: Set<string> | undefined;
}
