-- What every other set builds on. Roles and the search path (public, extensions) belong to the server and the database as a
-- whole, not to its contents: they are seen to whenever a database is opened (src/roles.ts, src/searchPath.ts).

create schema if not exists extensions;

create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;
create extension if not exists citext with schema extensions;
create extension if not exists pgcrypto with schema extensions;
create extension if not exists btree_gin with schema extensions;

-- PostgreSQL 14 and older let everybody create in public, and databases upgraded from them still do.
revoke create on schema public from public;
grant usage on schema public, extensions to anon, authenticated, service_role;

-- Version 7 of RFC 9562: 48 bits of Unix milliseconds, then random. Rows made one after another stay close in the index.
create function extensions.uuid_v7() returns uuid
language sql volatile parallel safe
set search_path = ''
as $$
  select encode(
    set_bit(
      set_bit(
        overlay(
          pg_catalog.uuid_send(pg_catalog.gen_random_uuid())
          placing substring(pg_catalog.int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
          from 1 for 6
        ),
        52, 1
      ),
      53, 1
    ),
    'hex'
  )::uuid
$$;
grant execute on function extensions.uuid_v7() to public;
