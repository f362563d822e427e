import { validationFailed } from './errors.ts';

const LOCAL_PART = /^[^\s@"<>()[\]\\,;:]{1,64}$/u;
const DOMAIN =
  /^(?=.{1,253}$)(?:[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?\.)+[\p{L}\p{N}][\p{L}\p{N}\p{M}-]*$/u;

/**
 * The address as it is stored and compared: trimmed, Unicode NFKC, lower case, international names allowed (RFC 6531). Characters that mean
 * something in a mail header never pass. Throws 400 `validation_failed`.
 */
export function parseEmail(input: string | null | undefined): string {
  const address = (input ?? '').trim().normalize('NFKC').toLowerCase();
  if (address === '') throw validationFailed('An email address is required');
  const at = address.lastIndexOf('@');
  const local = address.slice(0, Math.max(at, 0));
  const domain = address.slice(at + 1);
  const control = /\p{C}/u.test(address);
  const dots = local.startsWith('.') || local.endsWith('.') || local.includes('..');
  if (address.length > 254 || control || dots || !LOCAL_PART.test(local) || !DOMAIN.test(domain)) {
    throw validationFailed('Unable to validate email address: invalid format');
  }
  return address;
}
