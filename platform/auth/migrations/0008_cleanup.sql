-- Removes what can never be used again. Meant to run once an hour; returns how many rows went, by table.
create function auth.cleanup() returns jsonb
language plpgsql volatile
as $$
declare
  v_sessions int;
  v_refresh_tokens int;
  v_one_time_tokens int;
  v_mails int;
  v_attempts int;
  v_audit int;
begin
  delete from auth.sessions
  where not_after < now() or coalesce(refreshed_at, created_at) < now() - interval '180 days';
  get diagnostics v_sessions = row_count;

  -- A used token is kept for a while only to recognise its reuse.
  delete from auth.refresh_tokens where used_at < now() - interval '30 days';
  get diagnostics v_refresh_tokens = row_count;

  delete from auth.one_time_tokens where expires_at < now();
  get diagnostics v_one_time_tokens = row_count;

  delete from auth.mail_outbox
  where created_at < now() - interval '30 days';
  get diagnostics v_mails = row_count;

  delete from auth.attempts where booked_until < now();
  get diagnostics v_attempts = row_count;

  delete from auth.audit_log_entries where created_at < now() - interval '400 days';
  get diagnostics v_audit = row_count;

  return jsonb_build_object(
    'sessions', v_sessions,
    'refresh_tokens', v_refresh_tokens,
    'one_time_tokens', v_one_time_tokens,
    'mail_outbox', v_mails,
    'attempts', v_attempts,
    'audit_log_entries', v_audit
  );
end
$$;

revoke all on function auth.cleanup() from public;
