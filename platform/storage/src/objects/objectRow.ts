/** What the server knows about a file's bytes: column `metadata`, in the spelling of the hosted service. */
export interface FileMetadata {
  eTag: string;
  /** Bytes. */
  size: number;
  mimetype: string;
  /** A whole `Cache-Control` value, such as `max-age=3600`. */
  cacheControl: string;
  /** ISO 8601. */
  lastModified: string;
  contentLength: number;
  httpStatusCode: number;
  /** `Content-Encoding` of the stored bytes, where the uploader compressed them. */
  contentEncoding?: string;
}

/** What an uploader said beside the bytes: column `user_metadata`. */
export type UserMetadata = Record<string, unknown>;

/** A row of storage.objects. `version` and `metadata` are null in rows that were made by SQL alone and have no bytes. */
export interface ObjectRow {
  id: string;
  bucket_id: string;
  name: string;
  owner: string | null;
  owner_id: string | null;
  version: string | null;
  metadata: FileMetadata | null;
  user_metadata: UserMetadata | null;
  created_at: Date;
  updated_at: Date;
  last_accessed_at: Date;
}

export const objectColumns =
  'id, bucket_id, name, owner, owner_id, version, metadata, user_metadata, created_at, updated_at, last_accessed_at';

/** The two owner columns for the subject of a token: `owner` only takes a uuid, `owner_id` any text. */
export function ownerColumns(subject: string | undefined): { owner: string | null; ownerId: string | null } {
  if (subject === undefined) return { owner: null, ownerId: null };
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subject);
  return { owner: isUuid ? subject : null, ownerId: subject };
}
