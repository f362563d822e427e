-- Jobs on Graphile Worker. Its own schema, graphile_worker, is made by the library before this file runs (src/install.ts).

create schema jobs;
grant usage on schema jobs to authenticated, service_role;

-- A transaction that sends a NOTIFY takes a lock on the whole server at commit and keeps it until its WAL is on disk, so such
-- transactions commit one by one (PreCommit_Notify in PostgreSQL's async.c). Measured with 16 connections inserting one row
-- each: 15,300 commits/s without, 4,200 with. One notification wakes whoever listens as well as a hundred do, so only the
-- transaction that holds the gate sends one: 12,300 commits/s.
-- What this can cost: a transaction that found the gate taken and commits after its holder is not announced. Those who listen look by
-- themselves every quarter of a second.
create function jobs.wake(channel text, payload text default '') returns void
language plpgsql
set search_path = ''
as $$
begin
  if pg_catalog.pg_try_advisory_xact_lock(1784636004, pg_catalog.hashtext(channel)) then
    perform pg_catalog.pg_notify(channel, payload);
  end if;
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

-- The id of a task's or a queue's row, made where it is missing.
create function jobs.task_id(name text) returns int
language plpgsql
set search_path = ''
as $$
declare
  found_id int;
begin
  select id into found_id from graphile_worker._private_tasks where identifier = name;
  if found_id is null then
    insert into graphile_worker._private_tasks (identifier) values (name) on conflict (identifier) do nothing;
    select id into found_id from graphile_worker._private_tasks where identifier = name;
  end if;
  return found_id;
end
$$;

create function jobs.queue_id(name text) returns int
language plpgsql
set search_path = ''
as $$
declare
  found_id int;
begin
  select id into found_id from graphile_worker._private_job_queues where queue_name = name;
  if found_id is null then
    insert into graphile_worker._private_job_queues (queue_name) values (name) on conflict (queue_name) do nothing;
    select id into found_id from graphile_worker._private_job_queues where queue_name = name;
  end if;
  return found_id;
end
$$;

-- Adds a job in the caller's transaction: it exists when that commits, and only then. For triggers of any role.
--   queue         jobs of one queue run one after another, in the order of their time. Written 'family:key', with as many keys as
--                 wanted: the keys of a family are spread over 256 lanes (see jobs.lane).
--   run_at        not before this moment; now when null
--   max_attempts  tries before the job is a dead letter; 25 when null. Pauses between them: e^n seconds after the nth, six hours at most
--   job_key       at most one waiting job has it: adding again replaces that one, a dead letter too. One that is running already loses the
--                 key and its retries, since what it knows is out of date
--   priority      smaller runs first; 0 when null
--   job_key_mode  replace | preserve_run_at (keeps the first run_at: debounce) | unsafe_dedupe (keeps the first job whole, also while it runs)
-- Returns the job's id.
--
-- Writes Graphile Worker's table itself. Its add_job looks for a running job of the same key before every insert, in a statement whose plan,
-- made while the queue is short, reads the whole table: 780 µs a job in a transaction of 10,000, against 35 µs here. And it always
-- notifies. test/jobs.test.ts compares the rows of both, for the day the library changes.
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
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_task_id int := jobs.task_id(add.task);
  v_queue_id int := case when add.queue is not null then jobs.queue_id(jobs.lane(add.queue)) end;
  v_run_at timestamptz := coalesce(add.run_at, now());
  v_job_id bigint;
begin
  if add.job_key_mode not in ('replace', 'preserve_run_at', 'unsafe_dedupe') then
    raise exception 'job_key_mode is replace, preserve_run_at or unsafe_dedupe, not %', add.job_key_mode;
  end if;
  if add.job_key is null then
    insert into graphile_worker._private_jobs (job_queue_id, task_id, payload, run_at, max_attempts, priority)
    values (v_queue_id, v_task_id, coalesce(add.payload, '{}')::json, v_run_at, coalesce(add.max_attempts, 25), coalesce(add.priority, 0))
    returning id into v_job_id;
  else
    loop
      insert into graphile_worker._private_jobs as job (job_queue_id, task_id, payload, run_at, max_attempts, priority, key)
      values (v_queue_id, v_task_id, coalesce(add.payload, '{}')::json, v_run_at, coalesce(add.max_attempts, 25), coalesce(add.priority, 0),
        add.job_key)
      on conflict (key) do update set
        job_queue_id = excluded.job_queue_id,
        task_id = excluded.task_id,
        payload = excluded.payload,
        run_at = case when add.job_key_mode = 'preserve_run_at' and job.attempts = 0 then job.run_at else excluded.run_at end,
        max_attempts = excluded.max_attempts,
        priority = excluded.priority,
        revision = job.revision + 1,
        attempts = 0,
        last_error = null,
        updated_at = now()
        where job.locked_at is null and add.job_key_mode <> 'unsafe_dedupe'
      returning id into v_job_id;
      exit when v_job_id is not null;
      if add.job_key_mode = 'unsafe_dedupe' then
        select id into v_job_id from graphile_worker._private_jobs where key = add.job_key;
        exit when v_job_id is not null;
      else
        update graphile_worker._private_jobs set key = null, attempts = max_attempts, updated_at = now()
        where key = add.job_key and locked_at is not null;
      end if;
    end loop;
  end if;
  if v_run_at <= now() then
    perform jobs.wake('jobs:insert', '{"count":1}');
  end if;
  return v_job_id;
end
$$;

revoke execute on all functions in schema jobs from public;
grant execute on function jobs.add to authenticated, service_role;

-- Which worker pools are alive: each writes its row every few seconds (src/heartbeat.ts). Graphile Worker itself waits four hours
-- before it gives the jobs of a killed worker to another.
create table jobs.workers (
  pool_id text primary key,
  host text not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now()
);
