-- Listing a bucket like a folder tree. All functions run as the caller, so policies decide which rows exist.

-- Entries by name. With a delimiter, names that go on after it collapse into one folder entry (id is null, the name
-- ends with the delimiter). The scan hops from folder to folder over the unique index (bucket_id, name) instead of
-- reading their contents: a page costs about as many index descents as it has entries, however many files there are.
--
-- p_after is the name of the last entry of the page before. p_search keeps entries whose own name starts with it,
-- without case. Every loop step asks for names in [lowest, highest); in bytewise order nothing lies between a name and
-- the same name followed by chr(1), and the highest code point after a folder's name lies behind all of its contents.
create function storage.list_entries(
  p_bucket text,
  p_prefix text,
  p_delimiter text,
  p_limit int,
  p_after text default null,
  p_descending boolean default false,
  p_search text default ''
) returns table (
  name text,
  id uuid,
  version text,
  created_at timestamptz,
  updated_at timestamptz,
  last_accessed_at timestamptz,
  metadata jsonb,
  user_metadata jsonb
)
language plpgsql stable set search_path = '' as $$
declare
  beyond constant text := chr(1114111);
  lowest text collate "C" := p_prefix;
  highest text collate "C" := p_prefix || beyond;
  needle constant text := lower(coalesce(p_search, ''));
  files refcursor;
  batch int;
  seen int;
  emitted int := 0;
  hopped boolean;
  object storage.objects;
  rest text;
  cut int;
begin
  if p_after is not null then
    if p_descending then
      highest := least(highest, p_after);
    elsif p_delimiter <> '' and right(p_after, length(p_delimiter)) = p_delimiter then
      lowest := greatest(lowest, p_after || beyond);
    else
      lowest := greatest(lowest, p_after || chr(1));
    end if;
  end if;

  while emitted < p_limit loop
    batch := greatest(p_limit - emitted, 50);
    seen := 0;
    hopped := false;

    if p_descending then
      open files for select o.* from storage.objects o
        where o.bucket_id = p_bucket and o.name >= lowest and o.name < highest order by o.name desc limit batch;
    else
      open files for select o.* from storage.objects o
        where o.bucket_id = p_bucket and o.name >= lowest and o.name < highest order by o.name limit batch;
    end if;

    loop
      fetch files into object;
      exit when not found;
      seen := seen + 1;
      rest := substr(object.name, length(p_prefix) + 1);
      cut := case when p_delimiter = '' then 0 else position(p_delimiter in rest) end;

      if cut = 0 then
        if p_descending then highest := object.name; else lowest := object.name || chr(1); end if;
        continue when rest = '' and p_delimiter <> '' or not starts_with(lower(rest), needle);
        name := object.name;
        id := object.id;
        version := object.version;
        created_at := object.created_at;
        updated_at := object.updated_at;
        last_accessed_at := object.last_accessed_at;
        metadata := object.metadata;
        user_metadata := object.user_metadata;
      else
        name := p_prefix || left(rest, cut + length(p_delimiter) - 1);
        if p_descending then highest := name; else lowest := name || beyond; end if;
        hopped := true;
        exit when not starts_with(lower(rest), needle);
        id := null;
        version := null;
        created_at := null;
        updated_at := null;
        last_accessed_at := null;
        metadata := null;
        user_metadata := null;
      end if;

      return next;
      emitted := emitted + 1;
      exit when hopped or emitted >= p_limit;
    end loop;

    close files;
    exit when not hopped and seen < batch;
  end loop;
end;
$$;

-- Entries by a timestamp, ties by name. A folder counts from its first file's creation. This reads everything under the
-- prefix once: there is no order by time across a tree that an index could give.
create function storage.list_entries_by_time(
  p_bucket text,
  p_prefix text,
  p_delimiter text,
  p_limit int,
  p_column text,
  p_descending boolean default false,
  p_after_at timestamptz default null,
  p_after text default null,
  p_search text default ''
) returns table (
  name text,
  id uuid,
  version text,
  created_at timestamptz,
  updated_at timestamptz,
  last_accessed_at timestamptz,
  metadata jsonb,
  user_metadata jsonb,
  sorted_at timestamptz
)
language plpgsql stable set search_path = '' as $$
begin
  if p_column not in ('created_at', 'updated_at', 'last_accessed_at') then
    raise exception 'cannot sort files by %', p_column using errcode = 'invalid_parameter_value';
  end if;

  return query execute format(
    $query$
      with listed as (
        select o.*,
          case when $3 <> '' and position($3 in substr(o.name, length($2) + 1)) > 0
            then left(o.name, length($2) + position($3 in substr(o.name, length($2) + 1)) + length($3) - 1)
          end as folder
        from storage.objects o
        where o.bucket_id = $1 and o.name >= $2 collate "C" and o.name < ($2 || chr(1114111)) collate "C"
          and starts_with(lower(substr(o.name, length($2) + 1)), lower($7))
      ), entries as (
        select l.name::text as name, l.id, l.version, l.created_at, l.updated_at, l.last_accessed_at, l.metadata,
          l.user_metadata, l.%1$I as sorted_at
        from listed l where l.folder is null
        union all
        select l.folder::text, null, null, null, null, null, null, null, min(l.created_at)
        from listed l where l.folder is not null group by l.folder
      )
      select * from entries e
      where $5 is null or (e.sorted_at, e.name collate "C") %2$s ($5, $6 collate "C")
      order by e.sorted_at %3$s, e.name collate "C" %3$s
      limit $4
    $query$,
    p_column,
    case when p_descending then '<' else '>' end,
    case when p_descending then 'desc' else 'asc' end
  ) using p_bucket, p_prefix, p_delimiter, p_limit, p_after_at, p_after, coalesce(p_search, '');
end;
$$;

-- The folder listing of the API as one function: entries right under the folder `prefix` ('' or 'a/b/'), their names
-- without it, folders without id. `levels` is accepted because callers of the hosted service send it; the prefix says
-- the same.
create function storage.search(
  prefix text,
  bucketname text,
  limits int default 100,
  levels int default 1,
  offsets int default 0,
  search text default '',
  sortcolumn text default 'name',
  sortorder text default 'asc'
) returns table (
  name text,
  id uuid,
  updated_at timestamptz,
  created_at timestamptz,
  last_accessed_at timestamptz,
  metadata jsonb
)
language plpgsql stable set search_path = '' as $$
declare
  descending constant boolean := lower(coalesce(sortorder, 'asc')) = 'desc';
  -- A page deep in the list walks over the pages before it, as offsets do.
  wanted constant int := least(coalesce(offsets, 0)::bigint + coalesce(limits, 100), 2147483647)::int;
begin
  if coalesce(sortcolumn, 'name') = 'name' then
    return query
      select trim(trailing '/' from substr(e.name, length(prefix) + 1)), e.id, e.updated_at, e.created_at,
        e.last_accessed_at, e.metadata
      from storage.list_entries(bucketname, prefix, '/', wanted, null, descending, search) e
      offset coalesce(offsets, 0);
  else
    return query
      select trim(trailing '/' from substr(e.name, length(prefix) + 1)), e.id, e.updated_at, e.created_at,
        e.last_accessed_at, e.metadata
      from storage.list_entries_by_time(bucketname, prefix, '/', wanted, sortcolumn, descending, null, null, search) e
      offset coalesce(offsets, 0);
  end if;
end;
$$;
