import { invalidBucketName, invalidKey } from './errors.ts';

/**
 * Bucket names are those of the hosted service: 1 to 100 characters that need no escaping in a path (storage-js `isValidBucketName`).
 * Throws InvalidBucketName.
 */
export function requireBucketName(name: string): string {
  if (!/^[\w!.*'() &$@=;:+,?-]{1,100}$/.test(name) || name.trim() !== name || /^\.{1,2}$/.test(name)) {
    throw invalidBucketName();
  }
  return name;
}

/**
 * Object names are paths in any script. Refused is what could mean something else to a file system, a terminal or a reader: `.` and `..`
 * segments, backslashes, control characters, unpaired surrogates, characters that turn the direction of text around (`gpj.exe` shown as
 * `exe.jpg`), a slash at either end, and more than 1024 bytes of UTF-8 (the limit of S3).
 *
 * Throws InvalidKey.
 */
export function requireObjectName(name: string): string {
  if (!isObjectName(name)) throw invalidKey(name);
  return name;
}

export function isObjectName(name: string): boolean {
  if (name === '' || Buffer.byteLength(name) > 1024 || !name.isWellFormed()) return false;
  if (name.startsWith('/') || name.endsWith('/') || name.includes('\\')) return false;
  if (/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/u.test(name)) return false;
  return !name.split('/').some((segment) => segment === '.' || segment === '..');
}

/** Marks an otherwise empty folder; file managers upload it with no content and any type. */
export function isFolderPlaceholder(name: string): boolean {
  return name === '.emptyFolderPlaceholder' || name.endsWith('/.emptyFolderPlaceholder');
}
