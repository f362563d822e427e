import type { Api } from './client.ts';
import { ApiFailure, failureFrom } from './failure.ts';

/** Seconds a signed media URL is valid; the cache drops it well before. */
export const SIGNED_URL_SECONDS = 3_600;

const BUCKET = 'media';

export interface UrlSigner {
  /** A URL that shows the object to whoever holds it, for one hour. Rejects with an ApiFailure. */
  sign(path: string): Promise<string>;
}

interface Waiting {
  path: string;
  resolve: (url: string) => void;
  reject: (reason: unknown) => void;
}

/** A thread asks for many URLs in one paint: those asked for in the same tick go out as one request. */
export function createUrlSigner(api: Api): UrlSigner {
  let waiting: Waiting[] = [];

  const flush = async () => {
    const batch = waiting;
    waiting = [];
    const paths = [...new Set(batch.map((one) => one.path))];
    try {
      const { data, error } = await api.storage.from(BUCKET).createSignedUrls(paths, SIGNED_URL_SECONDS);
      if (error !== null)
        throw failureFrom(error, 'status' in error && typeof error.status === 'number' ? error.status : 0);
      const urls = new Map(data.map((one) => [one.path ?? '', one.signedUrl ?? '']));
      for (const one of batch) {
        const url = urls.get(one.path);
        if (url === undefined || url === '') one.reject(new ApiFailure('missing', `There is no file at ${one.path}`));
        else one.resolve(url);
      }
    } catch (failure) {
      for (const one of batch) one.reject(failure);
    }
  };

  return {
    sign: (path) =>
      new Promise((resolve, reject) => {
        if (waiting.length === 0) queueMicrotask(() => void flush());
        waiting.push({ path, resolve, reject });
      }),
  };
}
