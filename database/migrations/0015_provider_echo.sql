-- What agents do beside writing reaches the customer too: reactions, and that a message was read.

create function app.queue_reaction() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
declare
  reaction public.message_reactions := case tg_op when 'DELETE' then old else new end;
begin
  perform jobs.add(
    task => 'messages.react',
    payload => jsonb_build_object('message_id', reaction.message_id, 'emoji', case tg_op when 'DELETE' then null else reaction.emoji end),
    queue => 'send:' || reaction.conversation_id,
    max_attempts => 6);
  return reaction;
end
$$;
create trigger queue_reaction_insert after insert or update of emoji on public.message_reactions for each row
  when (new.user_id is not null) execute function app.queue_reaction();
create trigger queue_reaction_delete after delete on public.message_reactions for each row
  when (old.user_id is not null) execute function app.queue_reaction();

create function app.queue_acknowledgement() returns trigger
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  perform jobs.add(
    task => 'conversations.acknowledge',
    payload => jsonb_build_object('conversation_id', new.id),
    job_key => 'ack:' || new.id,
    max_attempts => 4);
  return new;
end
$$;
create trigger queue_acknowledgement after update of unread_count on public.conversations for each row
  when (old.unread_count > 0 and new.unread_count = 0 and new.channel_type <> 'WEB_CHAT')
  execute function app.queue_acknowledgement();
