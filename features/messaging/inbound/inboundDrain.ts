import type pg from 'pg';
import type { AdapterLookup } from '../adapters.ts';
import { type AccountColumns, accountOf } from './inboundAccount.ts';
import { applySteps, type InboundStep, toStep } from './inboundSteps.ts';
import { failInbound, processInbound } from './processInbound.ts';

export interface InboundDrainOptions {
  /** Connections as the owner of the tables; one is in use while there is work. */
  owner: pg.Pool;
  adapters: AdapterLookup;
}

export interface InboundDrain {
  /**
   * Handles what is stored and waits. The call that begins resolves when nothing waits any more, and rejects when the database
   * fails; calls meanwhile resolve at once, because the first one looks again. So its job alone has to outlive a crash.
   */
  drain(): Promise<void>;
  /** Tries one event again that had failed. */
  retry(eventId: string): Promise<void>;
}

/** Events in one transaction. Some dozens share most of what a commit costs; more would only keep rows locked for longer. */
const BATCH = 40;
/** Lanes that one batch takes, of 32: few enough for other nodes to find work. */
const LANES = 8;

interface TakenEvent extends AccountColumns {
  id: string;
  lane: number;
  channel_type: string;
  payload: unknown;
}

/**
 * Turns stored provider events into conversations: many in one transaction when many wait, one sender's in order of arrival. One
 * batch at a time, which keeps a core free for the acknowledgements of webhooks; more nodes take other lanes.
 */
export function createInboundDrain(o: InboundDrainOptions): InboundDrain {
  const noted = createAccountNotes();
  let running = false;
  let again = false;

  async function drain(): Promise<void> {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        await withClient(o.owner, drainLanes);
      } while (again);
    } finally {
      running = false;
    }
  }

  async function drainLanes(client: pg.PoolClient): Promise<void> {
    let from = 0;
    for (;;) {
      const events = await take(client, from);
      const last = events.at(-1);
      if (last === undefined) return;
      await applyBatch(client, o.adapters, events);
      const accounts = noted.due(events);
      if (accounts.length > 0) await client.query('select app.note_inbound($1)', [accounts]);
      from = (last.lane + 1) % 32;
    }
  }

  async function retry(eventId: string): Promise<void> {
    await withClient(o.owner, async (client) => {
      await client.query('select app.wait_for_inbound_lane(lane) from public.inbound_events where id = $1', [eventId]);
      await handleAlone(client, o.adapters, eventId);
      await client.query('select pg_advisory_unlock_all()');
    });
    // What came into this lane meanwhile may have been left to us.
    await drain();
  }

  return { drain, retry };
}

/** A connection whose work failed may still hold lanes: it is dropped, which frees them. */
async function withClient(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  const ignore = () => undefined;
  client.on('error', ignore);
  let failed = true;
  try {
    await work(client);
    failed = false;
  } finally {
    client.off('error', ignore);
    client.release(failed);
  }
}

async function take(client: pg.PoolClient, from: number): Promise<TakenEvent[]> {
  const { rows } = await client.query<TakenEvent>({
    name: 'inbound_take',
    text: 'select * from app.take_inbound($1, $2, $3)',
    values: [from, LANES, BATCH],
  });
  return rows;
}

/** Steps go to the database together; what needs more than a step is handled between them, in its place. */
async function applyBatch(
  client: pg.PoolClient,
  adapters: AdapterLookup,
  events: readonly TakenEvent[],
): Promise<void> {
  let steps: InboundStep[] = [];
  const flush = async () => {
    const together = steps;
    steps = [];
    if (together.length > 0) await applyTogether(client, adapters, together);
  };
  for (const event of events) {
    const step = stepOf(event, adapters);
    if (step !== undefined) {
      steps.push(step);
      continue;
    }
    await flush();
    await handleAlone(client, adapters, event.id);
  }
  await flush();
}

/** The one step that the event is, or undefined for what is handled alone: several things in one, unknown accounts, the unusual. */
function stepOf(event: TakenEvent, adapters: AdapterLookup): InboundStep | undefined {
  const account = accountOf(event);
  const [first, ...others] = (account && adapters(event.channel_type)?.parseWebhook?.(event.payload)) ?? [];
  return account && first && others.length === 0 ? toStep(event.id, account, first) : undefined;
}

async function applyTogether(
  client: pg.PoolClient,
  adapters: AdapterLookup,
  steps: readonly InboundStep[],
): Promise<void> {
  try {
    const waiting = await applySteps(client, steps);
    for (const one of waiting) await failInbound(client, one.event_id, `Waits for ${one.waits_for}.`);
  } catch {
    // Nothing of it happened. One bad event must not fail its neighbours, and its reason belongs on its own row.
    for (const step of steps) await handleAlone(client, adapters, step.event_id);
  }
}

/** One event in a transaction of its own; why it failed goes onto its row. Throws when the database itself fails. */
async function handleAlone(client: pg.PoolClient, adapters: AdapterLookup, eventId: string): Promise<void> {
  await client.query('begin');
  try {
    await processInbound(client, adapters, eventId);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    await failInbound(client, eventId, error instanceof Error ? error.message : String(error));
  }
}

const NOTE_MS = 60_000;
const MOST_NOTES = 10_000;

/** Which accounts have not been noted as connected for a minute. */
function createAccountNotes(now: () => number = () => performance.now()) {
  const at = new Map<string, number>();
  return {
    due(events: readonly AccountColumns[]): string[] {
      const ids = new Set(events.flatMap((event) => event.account_id ?? []));
      const due = [...ids].filter((id) => now() - (at.get(id) ?? Number.NEGATIVE_INFINITY) > NOTE_MS);
      if (at.size > MOST_NOTES) at.clear();
      for (const id of due) at.set(id, now());
      return due;
    },
  };
}
