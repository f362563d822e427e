-- Parts of an object's name, for policies: (storage.foldername(name))[1] = the organization's id.

-- 'a/b/c.png' -> {a,b}; a file at the root has no folder: {}.
create function storage.foldername(name text) returns text[]
language sql immutable strict parallel safe
return trim_array(string_to_array(name, '/'), least(1, cardinality(string_to_array(name, '/'))));

-- 'a/b/c.png' -> 'c.png'
create function storage.filename(name text) returns text
language sql immutable strict parallel safe
return split_part(name, '/', -1);

-- 'a/b/c.tar.gz' -> 'gz'; a name without a dot is its own extension, as the hosted service answers.
create function storage.extension(name text) returns text
language sql immutable strict parallel safe
return split_part(split_part(name, '/', -1), '.', -1);

-- Bytes stored per bucket, of the rows the caller may see.
create function storage.get_size_by_bucket() returns table (size bigint, bucket_id text)
language sql stable
begin atomic
  select sum((o.metadata ->> 'size')::bigint)::bigint, o.bucket_id from storage.objects o group by o.bucket_id;
end;
