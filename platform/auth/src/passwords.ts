import { availableParallelism } from 'node:os';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { overRequestLimit, validationFailed, weakPassword } from './errors.ts';
import { createGate } from './gate.ts';

/**
 * Argon2id with the OWASP Password Storage Cheat Sheet's first choice: 19 MiB, two passes, one lane; about 20 ms. Algorithm 2 is
 * Argon2id (the package's own enum is ambient and cannot be imported by erasable TypeScript).
 */
const COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };

/** A hash that nothing is known to match, for accounts that do not exist: verifying it takes as long as verifying any other. */
const DECOY = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** Argon2 has no limit of its own; this one only keeps nonsense out. */
export const PASSWORD_MAX_LENGTH = 256;

export interface Passwords {
  /** PHC string of a password. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password belongs to the hash. With null (no such account, or an account without a password) it takes as long as with a
   * real one and is false.
   */
  verify(hashed: string | null, password: string): Promise<boolean>;
  /** True for a hash made with other parameters than today's. */
  isOutdated(hashed: string): boolean;
}

export interface PasswordsOptions {
  /** Hashes computed at once. They run on libuv's four threads, which files and DNS use too: at most three when absent. */
  concurrency?: number;
  /** Callers that may wait for a place; the next ones get 429. 200 when absent, that is some two seconds on two cores. */
  queue?: number;
}

/** Hashing off the event loop, with bounded memory and a bounded queue. */
export function createPasswords(o: PasswordsOptions = {}): Passwords {
  const gate = createGate({
    width: o.concurrency ?? Math.max(1, Math.min(3, availableParallelism())),
    queue: o.queue ?? 200,
    full: () => overRequestLimit(2),
  });

  return {
    hash: (password) => gate.run(() => hash(normalized(password), COST)),
    verify: (hashed, password) =>
      gate.run(async () => {
        const usable = hashed !== null && isArgon2(hashed) && password.length <= PASSWORD_MAX_LENGTH;
        const matches = await verify(usable ? hashed : DECOY, normalized(password.slice(0, PASSWORD_MAX_LENGTH)));
        return usable && matches;
      }),
    isOutdated(hashed) {
      const made = parseOptions(hashed);
      return (
        made.algorithm !== COST.algorithm ||
        made.memoryCost !== COST.memoryCost ||
        made.timeCost !== COST.timeCost ||
        made.parallelism !== COST.parallelism
      );
    },
  };
}

/** True for a PHC string of Argon2 that can be verified. */
export function isArgon2(hashed: string): boolean {
  if (!/^\$argon2(id|i|d)\$/.test(hashed)) return false;
  try {
    parseOptions(hashed);
    return true;
  } catch {
    return false;
  }
}

/** Throws 422 `weak_password` for one that is too short, 400 for one that is too long. Lengths are in characters, not bytes. */
export function checkPasswordStrength(password: string, minLength: number): void {
  const length = [...normalized(password)].length;
  if (length < minLength) throw weakPassword(`Password should be at least ${minLength} characters.`, ['length']);
  if (password.length > PASSWORD_MAX_LENGTH) {
    throw validationFailed(`Password cannot be longer than ${PASSWORD_MAX_LENGTH} characters`);
  }
}

/** One form per text, whichever keyboard composed it (NIST SP 800-63B section 3.1.1.2). */
function normalized(password: string): string {
  return password.normalize('NFKC');
}
