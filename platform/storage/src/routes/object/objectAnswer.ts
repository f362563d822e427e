import type { ObjectRow } from '../../objects/objectRow.ts';

/** A row as lists, removals and copies show it. */
export function objectAnswer(row: ObjectRow): Record<string, unknown> {
  return {
    name: row.name,
    id: row.id,
    bucket_id: row.bucket_id,
    owner: row.owner,
    owner_id: row.owner_id,
    version: row.version,
    updated_at: row.updated_at.toISOString(),
    created_at: row.created_at.toISOString(),
    last_accessed_at: row.last_accessed_at.toISOString(),
    metadata: row.metadata,
    user_metadata: row.user_metadata,
  };
}
