-- What the product asks of realtime and storage.

select realtime.track(t::regclass) from unnest(array[
  'public.conversations', 'public.messages', 'public.attachments', 'public.message_reactions', 'public.notes',
  'public.contacts', 'public.deals', 'public.tasks', 'public.channel_accounts', 'public.profiles', 'public.tags']) t;

-- One private bucket for message media; the first folder is the organization.
insert into storage.buckets (id, name, public, file_size_limit)
values ('media', 'media', false, 104857600) on conflict (id) do nothing;

-- The second folder is the conversation: a file is as visible as the conversation it was sent in.
create function app.uuid_or_null(raw text) returns uuid
language sql immutable parallel safe
as $$ select case when raw ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then raw::uuid end $$;
grant execute on function app.uuid_or_null(text) to authenticated, service_role;

create policy media_read on storage.objects for select to authenticated
  using (bucket_id = 'media' and (storage.foldername(name))[1] = (select app.organization_id())::text
    and ((select app.sees_whole_inbox() and app.can('can_read_messages'))
      or exists (select 1 from public.conversations c where c.id = app.uuid_or_null((storage.foldername(name))[2]))));
create policy media_insert on storage.objects for insert to authenticated
  with check (bucket_id = 'media' and (storage.foldername(name))[1] = (select app.organization_id())::text
    and (select app.can('can_send_messages'))
    and ((select app.sees_whole_inbox())
      or exists (select 1 from public.conversations c where c.id = app.uuid_or_null((storage.foldername(name))[2]))));
create policy media_update on storage.objects for update to authenticated
  using (bucket_id = 'media' and (storage.foldername(name))[1] = (select app.organization_id())::text
    and owner_id = (select app.user_id())::text)
  with check (bucket_id = 'media' and (storage.foldername(name))[1] = (select app.organization_id())::text);
create policy media_delete on storage.objects for delete to authenticated
  using (bucket_id = 'media' and (storage.foldername(name))[1] = (select app.organization_id())::text
    and (owner_id = (select app.user_id())::text or (select app.can('can_delete_data'))));
create policy buckets_read on storage.buckets for select to authenticated using (id = 'media');
create policy service_role_objects on storage.objects for all to service_role using (true) with check (true);
create policy service_role_buckets on storage.buckets for all to service_role using (true) with check (true);
