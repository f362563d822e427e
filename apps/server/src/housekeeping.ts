import { type CronJob, defineTask, sweepDeadLetters, type Task } from '@connectgain/jobs';
import type { Storage } from '@connectgain/storage';
import type { Pool } from 'pg';
import { z } from 'zod';

/** What is thrown away at fixed times (UTC): expired sessions and codes, bytes of no file, dead letters past their time. */
export function housekeeping(o: { owner: Pool; storage: Pick<Storage, 'sweep'> }): { tasks: Task[]; cron: CronJob[] } {
  const hourly = [
    { minute: 41, task: defineTask('auth.cleanup', z.unknown(), () => o.owner.query('select auth.cleanup()')) },
    {
      minute: 23,
      task: defineTask('storage.sweep', z.unknown(), async (_payload, { log }) => {
        const files = await o.storage.sweep();
        if (files > 0) log.info({ files }, 'removed bytes that no file refers to');
      }),
    },
  ];
  const daily = sweepDeadLetters(o.owner);
  const everyMinute = [
    defineTask('presence.sweep', z.unknown(), () => markAbsent(o.owner)),
    defineTask('snooze.wake', z.unknown(), () => wakeSnoozed(o.owner)),
  ];
  return {
    tasks: [...hourly.map(({ task }) => task), ...daily.tasks, ...everyMinute],
    cron: [
      ...everyMinute.map(({ name }) => ({ task: name, match: '* * * * *', identifier: name })),
      ...hourly.map(({ minute, task }) => ({ task: task.name, match: `${minute} * * * *`, identifier: task.name })),
      ...daily.cron,
    ],
  };
}

/** Whoever's app has not called `touch_presence` for two minutes is no longer there. Returns how many left. */
export async function markAbsent(owner: Pool): Promise<number> {
  const { rowCount } = await owner.query(
    `update public.profiles set is_online = false where is_online and last_seen_at < now() - interval '2 minutes'`,
  );
  return rowCount ?? 0;
}

/** Conversations whose snooze is over come back to the list, live, because their row changes. Returns how many. */
export async function wakeSnoozed(owner: Pool): Promise<number> {
  const { rowCount } = await owner.query(
    'update public.conversations set snoozed_until = null where snoozed_until <= now()',
  );
  return rowCount ?? 0;
}
