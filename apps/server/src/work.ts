import { webChat } from '@connectgain/channels/web-chat/index.ts';
import { whatsappCloud } from '@connectgain/channels/whatsapp-cloud/index.ts';
import { eventTasks, type Subscriber, startDispatcher } from '@connectgain/events';
import {
  type AccountSources,
  adapterLookup,
  createProviderTransports,
  messagingTasks,
} from '@connectgain/features/messaging/index.ts';
import type { GaugeSource, Logger } from '@connectgain/http';
import { startJobs } from '@connectgain/jobs';
import type { Database } from '@connectgain/postgres';
import { createThumbnail, type Storage, sniffMedia } from '@connectgain/storage';
import type { Config } from './config.ts';
import { housekeeping } from './housekeeping.ts';

/** Jobs and events of this node, at work. */
export interface Work {
  gauges: GaugeSource[];
  /** Rejects when jobs are not being worked on. */
  check(): Promise<void>;
  /** Ends what is running or hands it back. */
  stop(): Promise<void>;
}

export interface WorkParts {
  database: Database;
  storage: Storage;
  sources: AccountSources;
  log: Logger;
  providerTimeoutMs?: number;
}

export async function startWork(config: Config, parts: WorkParts): Promise<Work> {
  const { database, storage, log } = parts;
  const transports = createProviderTransports({ allow: config.OUTBOUND_ALLOW, timeoutMs: parts.providerTimeoutMs });
  const subscribers: Subscriber[] = [];
  const rooms = [
    eventTasks({ database, subscribers }),
    housekeeping({ owner: database.owner, storage }),
    { tasks: messaging(parts, transports), cron: [] },
  ];
  const dispatcher = await startDispatcher({ database, subscribers, log });
  const jobs = await startJobs({
    database,
    tasks: rooms.flatMap((room) => room.tasks),
    cron: rooms.flatMap((room) => room.cron),
    log,
    concurrency: { main: config.WORKER_CONCURRENCY, slow: config.WORKER_CONCURRENCY },
  });
  return {
    gauges: dispatcher.gauges,
    check: () => jobs.check(),
    async stop() {
      await jobs.stop();
      await dispatcher.stop();
      await transports.close();
    },
  };
}

function messaging(parts: WorkParts, transports: ReturnType<typeof createProviderTransports>) {
  // Media jobs act for the server itself: the file comes from a customer or goes to a provider, no user asks for it.
  const files = parts.storage.asSystem();
  return messagingTasks({
    owner: parts.database.owner,
    adapters: adapterLookup([whatsappCloud, webChat]),
    sources: parts.sources,
    transport: (account) => transports.for(account),
    now: () => new Date(),
    async readMedia(path) {
      const found = await files.find('media', path);
      if (!found) return undefined;
      const { body } = await files.get('media', path);
      return new Uint8Array(Buffer.concat(await body.toArray()));
    },
    store: async (path, bytes, mime) => {
      await files.put('media', path, Buffer.from(bytes), { contentType: mime, upsert: true });
    },
    sniff: sniffMedia,
    thumbnail: async (bytes, mime) => (mime.startsWith('image/') ? (await createThumbnail(bytes)).bytes : undefined),
  });
}
