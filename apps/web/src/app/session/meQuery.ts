import { queryOptions } from '@tanstack/react-query';
import type { Api } from '#api/client.ts';
import { keys } from '#api/queryKeys.ts';
import { fetchMe } from './me.ts';

export const meQuery = (api: Api) =>
  queryOptions({
    queryKey: keys.me,
    queryFn: () => fetchMe(api),
    staleTime: 5 * 60_000,
    gcTime: Number.POSITIVE_INFINITY,
  });
