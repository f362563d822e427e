-- Jobs on Graphile Worker. Its own schema, graphile_worker, is made by the library before this file runs (src/install.ts).

create schema jobs;
grant usage on schema jobs to authenticated, service_role;

-- What jobs.add puts in front of pg_catalog while it runs; holds nothing but the stand-in below.
create schema jobs_wake;

-- A transaction that sends a NOTIFY takes a lock on the whole server at commit and keeps it until its WAL is on disk, so such
-- transactions commit one by one (PreCommit_Notify in PostgreSQL's async.c). Measured with 16 connections inserting one row
-- each: 15,300 commits/s without, 4,200 with. One notification wakes the workers as well as a hundred do, so only the
-- transaction that holds the gate sends one: 12,300 commits/s.
-- What this can cost: a transaction that found the gate taken and commits after its holder is not announced. Workers look for
-- jobs every quarter of a second anyway.
create function jobs_wake.pg_notify(channel text, payload text) returns void
language plpgsql
set search_path = ''
as $$
begin
  if pg_catalog.pg_try_advisory_xact_lock(1784636004, pg_catalog.hashtext(channel)) then
    perform pg_catalog.pg_notify(channel, payload);
  end if;
end
$$;

-- Adds a job in the caller's transaction: it exists when that commits, and only then. For triggers of any role.
--   queue         jobs of one queue run one after another, in the order of their time. Written 'family:key', with as many keys as
--                 wanted: the keys of a family are spread over 256 lanes (see jobs.lane).
--   run_at        not before this moment; now when null
--   max_attempts  tries before the job is a dead letter; 25 when null. Pauses between them: e^n seconds after the nth, six hours at most
--   job_key       at most one waiting job has it: adding again replaces that one, or adds another when it is running already
--   priority      smaller runs first; 0 when null
--   job_key_mode  replace | preserve_run_at (keeps the first run_at: debounce) | unsafe_dedupe (keeps the first job whole)
-- Returns the job's id.
create function jobs.add(
  task text,
  payload jsonb default '{}',
  queue text default null,
  run_at timestamptz default null,
  max_attempts int default null,
  job_key text default null,
  priority int default null,
  job_key_mode text default 'replace'
) returns bigint
language plpgsql security definer
-- jobs_wake first, so that the library's unqualified pg_notify is the stand-in.
set search_path = jobs_wake, pg_catalog, pg_temp
as $$
declare
  job_id bigint;
begin
  select job.id into job_id
  from graphile_worker.add_job(
    identifier => task,
    payload => add.payload::json,
    queue_name => jobs.lane(queue),
    run_at => add.run_at,
    max_attempts => add.max_attempts,
    job_key => add.job_key,
    priority => add.priority,
    job_key_mode => add.job_key_mode
  ) job;
  return job_id;
end
$$;

-- The queue as Graphile Worker gets it. Looking for work when there is some, it locks the row of every free queue, and a row lock is
-- a WAL record: a queue per customer would make each look cost more with every customer. Keys that share a lane wait for each
-- other and lose nothing else. 256 keeps both prices low: 30 KB of WAL per look with two families, and one key in 256 behind a slow one.
create function jobs.lane(queue text) returns text
language sql immutable parallel safe
set search_path = ''
as $$
  select case when pg_catalog.strpos(queue, ':') = 0 then queue
    else pg_catalog.split_part(queue, ':', 1) || ':'
      || (pg_catalog.hashtext(pg_catalog.substr(queue, pg_catalog.strpos(queue, ':') + 1)) & 255) end
$$;

revoke execute on all functions in schema jobs from public;
grant execute on function jobs.add, jobs.lane to authenticated, service_role;

-- Which worker pools are alive: each writes its row every few seconds (src/heartbeat.ts). Graphile Worker itself waits four hours
-- before it gives the jobs of a killed worker to another.
create table jobs.workers (
  pool_id text primary key,
  host text not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);
