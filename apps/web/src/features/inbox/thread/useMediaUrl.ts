import { queryOptions, useQuery } from '@tanstack/react-query';
import { useApiContext } from '#api/context.ts';
import { keys } from '#api/queryKeys.ts';
import { SIGNED_URL_SECONDS, type UrlSigner } from '#api/urlSigner.ts';
import type { Attachment } from '../model/message.ts';

export const mediaUrlQuery = (urls: UrlSigner, path: string) =>
  queryOptions({
    queryKey: keys.mediaUrl(path),
    queryFn: () => urls.sign(path),
    // Renewed in good time before the signature ends.
    staleTime: (SIGNED_URL_SECONDS - 600) * 1_000,
    gcTime: (SIGNED_URL_SECONDS - 600) * 1_000,
  });

/** Where a file can be shown from: this browser's own copy, or a signed URL. Undefined while it is not known. */
export function useMediaUrl(
  attachment: Pick<Attachment, 'storage_path' | 'localUrl'>,
  which?: string | null,
): { url: string | undefined; failed: boolean } {
  const { urls } = useApiContext();
  const path = which ?? attachment.storage_path;
  const { data, isError } = useQuery({
    ...mediaUrlQuery(urls, path ?? ''),
    enabled: attachment.localUrl === undefined && path !== null && path !== '',
  });
  return { url: attachment.localUrl ?? data, failed: isError };
}
