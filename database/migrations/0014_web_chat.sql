-- The chat widget waits for news of one visitor: `thread_key` of a web chat conversation is the visitor's id.

create function app.notify_web_chat() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform pg_notify('web_chat', (select c.thread_key from public.conversations c where c.id = new.conversation_id));
  return new;
end
$$;
create trigger notify_web_chat_insert after insert on public.messages for each row
  when (new.channel = 'WEB_CHAT') execute function app.notify_web_chat();
create trigger notify_web_chat_update after update of status, content, deleted_at on public.messages for each row
  when (new.channel = 'WEB_CHAT') execute function app.notify_web_chat();

-- Finds a visitor's conversation without asking for the contact.
create index conversations_thread_key_idx on public.conversations (channel_account_id, thread_key) where thread_key <> '';
