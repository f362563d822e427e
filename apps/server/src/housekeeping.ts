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
  return {
    tasks: [...hourly.map(({ task }) => task), ...daily.tasks],
    cron: [
      ...hourly.map(({ minute, task }) => ({ task: task.name, match: `${minute} * * * *`, identifier: task.name })),
      ...daily.cron,
    ],
  };
}
