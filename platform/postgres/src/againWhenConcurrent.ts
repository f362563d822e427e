import { codeOf } from './errors.ts';

const attempts = 5;
/** "tuple concurrently updated", "object already exists" and its unique violation. */
const concurrentCodes = new Set(['XX000', '42710', '23505']);

/**
 * Runs work that looks and then makes what is missing, up to five times: two nodes may start at the same moment on databases of one
 * server, where no lock spans both, and the later one has to look again.
 */
export async function againWhenConcurrent<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !concurrentCodes.has(codeOf(error) ?? '')) throw error;
    }
  }
}
