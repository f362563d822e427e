export { type AddJobOptions, addJob, addJobs, type JobSpec } from './addJob.ts';
export { type JobCounts, jobCounts, jobGauges } from './counts.ts';
export {
  type DeadLetter,
  type DeadLetterFilter,
  deadLetters,
  discardDeadLetters,
  retryDeadLetters,
} from './deadLetters.ts';
export { GiveUp, inWords, RetryLater } from './failures.ts';
export { installGraphileWorker, migrations } from './install.ts';
export { type CronJob, type Jobs, type JobsOptions, startJobs } from './startJobs.ts';
export { sweepDeadLetters } from './sweep.ts';
export { defineTask, type JobContext, type Task, type TaskOptions, type WorkerPoolName } from './task.ts';
