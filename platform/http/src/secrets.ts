import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const VERSION = 'v1.';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * 32 bytes for AES-256 from the configured key. A key of 64 hex digits, or a base64 of 32 bytes, is used as it is; any other text goes
 * through HKDF-SHA256, so an operator may set a passphrase.
 */
function keyBytes(key: string | Uint8Array): Buffer {
  if (typeof key !== 'string') return requireLength(Buffer.from(key));
  if (/^[0-9a-f]{64}$/i.test(key)) return Buffer.from(key, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(key)) return requireLength(Buffer.from(key, 'base64'));
  if (key === '') throw new Error('The encryption key is empty: set one before storing secrets.');
  return Buffer.from(hkdfSync('sha256', key, '', 'connectgain secrets', 32));
}

function requireLength(bytes: Buffer): Buffer {
  if (bytes.length !== 32) throw new Error(`The encryption key has ${bytes.length} bytes: 32 are needed.`);
  return bytes;
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit IV. Returns `v1.` + base64url(iv | ciphertext | tag).
 * `context` (such as the table and the row's organization) is authenticated but not stored: the same must be given to decrypt, so a
 * sealed value copied to another place does not open.
 */
export function encryptSecret(key: string | Uint8Array, text: string, context = ''): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyBytes(key), iv);
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return VERSION + sealed.toString('base64url');
}

/** The text that {@link encryptSecret} sealed. Throws one sentence when the value was altered or sealed with another key or context. */
export function decryptSecret(key: string | Uint8Array, sealed: string, context = ''): string {
  if (!isSealed(sealed)) throw new Error('This value was not sealed by this program: it does not begin with "v1.".');
  const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
  if (bytes.length < IV_BYTES + TAG_BYTES) throw new Error('The sealed value is cut short.');
  const decipher = createDecipheriv('aes-256-gcm', keyBytes(key), bytes.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    const body = bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  } catch (cause) {
    throw new Error('The sealed value does not open: it was altered, or sealed with another key.', { cause });
  }
}

/** True for text that {@link encryptSecret} made; lets a writer leave an already sealed value alone. */
export function isSealed(text: string): boolean {
  return text.startsWith(VERSION) && /^[A-Za-z0-9_-]+$/.test(text.slice(VERSION.length));
}
