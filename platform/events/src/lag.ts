import type { GaugeSource } from '@connectgain/http';
import type { Pool } from 'pg';

/** Events that wait to be handed out, and the age of the oldest in seconds (0 when there is none). */
export async function eventLag(pool: Pool): Promise<{ pending: number; lagSeconds: number }> {
  const { rows } = await pool.query<{ pending: number; lagSeconds: number }>(
    `select count(*)::int as pending,
       greatest(0, coalesce(extract(epoch from clock_timestamp() - min(emitted_at)), 0))::float8 as "lagSeconds"
     from events.pending`,
  );
  return rows[0] ?? { pending: 0, lagSeconds: 0 };
}

/** The same for `/metrics`: `events_pending` and `events_lag_seconds`. */
export function eventGauges(pool: Pool): GaugeSource[] {
  return [
    {
      name: 'events_pending',
      help: 'Events not handed to the subscribers yet',
      read: async () => [{ value: (await eventLag(pool)).pending }],
    },
    {
      name: 'events_lag_seconds',
      help: 'Age of the oldest event not handed to the subscribers yet',
      read: async () => [{ value: (await eventLag(pool)).lagSeconds }],
    },
  ];
}
