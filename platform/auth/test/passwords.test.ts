import { describe, expect, it } from 'vitest';
import { checkPasswordStrength, createPasswords } from '../src/passwords.ts';

describe('passwords', () => {
  it('are hashed with a salt of their own and verified', async () => {
    const passwords = createPasswords();
    const [one, two] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(one).not.toBe(two);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify(one, 'correct horse')).toBe(true);
    expect(await passwords.verify(one, 'Correct horse')).toBe(false);
    expect(await passwords.verify('not a hash', 'correct horse')).toBe(false);
    expect(passwords.isOutdated(one)).toBe(false);
  });

  it('of accounts that do not exist are worked on like others', async () => {
    const passwords = createPasswords({ concurrency: 1, queue: 0 });
    const unknown = passwords.verify(null, 'correct horse');
    // While the place is taken by a real computation, the next caller is turned away.
    await expect(passwords.verify(null, 'correct horse')).rejects.toMatchObject({ status: 429 });
    expect(await unknown).toBe(false);
  });

  it('wait in a bounded queue, in order, and the event loop stays free', async () => {
    const passwords = createPasswords({ concurrency: 2, queue: 3 });
    const finished: number[] = [];
    const jobs = Array.from({ length: 8 }, (_, index) =>
      passwords.hash('correct horse').then(
        () => void finished.push(index),
        (error: { status: number }) => error.status,
      ),
    );
    let turns = 0;
    const spin = setInterval(() => {
      turns += 1;
    }, 1);
    const outcomes = await Promise.all(jobs);
    clearInterval(spin);
    expect(outcomes.filter((outcome) => outcome === 429)).toHaveLength(3);
    expect(finished.length).toBe(5);
    expect(finished.at(-1)).toBeGreaterThanOrEqual(3);
    expect(turns).toBeGreaterThan(3);
  });

  it('free their place when they fail', async () => {
    const passwords = createPasswords({ concurrency: 1, queue: 0 });
    await expect(passwords.hash('x\ud800')).resolves.toMatch(/^\$argon2id/);
    await expect(passwords.hash('another')).resolves.toMatch(/^\$argon2id/);
  });

  it('have 8 to 256 characters, counted as people count', () => {
    expect(() => checkPasswordStrength('1234567', 8)).toThrow('at least 8 characters');
    expect(() => checkPasswordStrength('12345678', 8)).not.toThrow();
    expect(() => checkPasswordStrength('كلمةسرية', 8)).not.toThrow();
    expect(() => checkPasswordStrength('🐎🐎🐎🐎', 8)).toThrow('at least 8 characters');
    expect(() => checkPasswordStrength('x'.repeat(256), 8)).not.toThrow();
    expect(() => checkPasswordStrength('x'.repeat(257), 8)).toThrow('longer than 256');
  });
});
