-- Limits on sign-in, sign-up, codes and mails, shared by all nodes. Unlogged, because losing them in a crash is harmless and a limit
-- must cost less than what it guards.
--
-- One row per key holds one moment (the generic cell rate algorithm): each attempt books `seconds / limit` of time, and an attempt whose
-- booking would end more than `seconds` from now is refused. A key that was quiet may use its whole limit at once, and gets it back
-- evenly: no window boundary at which twice the limit passes, and no long lock-out for the person who shares an address with an attacker.

create unlogged table auth.attempts (
  key text primary key,
  -- All bookings together last until then.
  booked_until timestamptz not null,
  -- Seconds to wait, as told to the latest caller; 0 when it was let through.
  wait double precision not null
);

create index attempts_booked_until_idx on auth.attempts (booked_until);

-- Counts one attempt under `p_key` of at most `p_limit` in `p_seconds`. Returns 0 when it may go on, otherwise the seconds to wait. A
-- refused attempt is not counted, so hammering does not prolong the wait.
create function auth.take_attempt(p_key text, p_limit int, p_seconds int) returns double precision
language plpgsql volatile
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_step interval := make_interval(secs => p_seconds::double precision / p_limit);
  -- A millisecond more, so that rounding the steps never costs the last one.
  v_end timestamptz := v_now + make_interval(secs => p_seconds + 0.001);
  v_wait double precision;
begin
  insert into auth.attempts as a (key, booked_until, wait)
  values (p_key, v_now + v_step, 0)
  on conflict (key) do update
  set (booked_until, wait) = (
    select
      case when n.booked_until <= v_end then n.booked_until else a.booked_until end,
      greatest(0, extract(epoch from n.booked_until - v_end))
    from (select greatest(a.booked_until, v_now) + v_step as booked_until) n
  )
  returning a.wait into v_wait;
  return v_wait;
end
$$;

-- Several limits at once, from the widest to the narrowest: the first that refuses ends it, and the narrower ones do not count. Every
-- caller names them in the same order, so that two of them never wait for each other.
create function auth.take_attempts(p_keys text[], p_limits int[], p_seconds int[]) returns double precision
language plpgsql volatile
as $$
declare
  v_wait double precision;
begin
  for i in 1 .. cardinality(p_keys) loop
    v_wait := auth.take_attempt(p_keys[i], p_limits[i], p_seconds[i]);
    if v_wait > 0 then
      return v_wait;
    end if;
  end loop;
  return 0;
end
$$;

revoke all on function auth.take_attempt(text, int, int) from public;
revoke all on function auth.take_attempts(text[], int[], int[]) from public;

alter table auth.attempts enable row level security;
revoke all on auth.attempts from public, anon, authenticated, service_role;
