/** How much somebody may still do: refills with time, up to `burst`. */
export interface TokenBucket {
  left: number;
  /** Milliseconds, as `performance.now()`. */
  filledAt: number;
}

export function fullBucket(burst: number, now: number): TokenBucket {
  return { left: burst, filledAt: now };
}

/** Takes one; false when there is none left. */
export function takeToken(bucket: TokenBucket, perSecond: number, burst: number, now: number): boolean {
  bucket.left = Math.min(burst, bucket.left + ((now - bucket.filledAt) / 1000) * perSecond);
  bucket.filledAt = now;
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}
