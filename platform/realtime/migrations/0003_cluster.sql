-- What nodes need of each other, and the sweep that keeps the transient tables small.

-- Messages between nodes that do not fit a notification (8000 bytes).
create unlogged table realtime.bus (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  payload text not null
);

-- Deletes what nobody needs any more, at most a batch per call; any node may call it, one at a time does the work.
-- Returns the number of changes deleted.
create function realtime.sweep(keep_changes interval, keep_messages interval) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  swept bigint;
begin
  if not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtextextended('realtime.sweep', 0)) then
    return 0;
  end if;
  delete from realtime.nodes where seen_at < now() - interval '60 seconds';
  delete from realtime.bus where at < now() - keep_changes;
  delete from realtime.changes
  where id in (select c.id from realtime.changes c where c.at < now() - keep_changes order by c.id limit 20000);
  get diagnostics swept = row_count;
  delete from realtime.messages
  where id in (
    select m.id from realtime.messages m
    where m.inserted_at < pg_catalog.timezone('utc', now()) - keep_messages order by m.inserted_at limit 5000
  );
  return swept;
end
$$;

revoke execute on function realtime.sweep(interval, interval) from public;
