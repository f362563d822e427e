import type { Database } from '@connectgain/database/types.generated.ts';

/** The schema as the migrations make it; every row is filtered by row level security before it gets here. */
export type { Database, Json } from '@connectgain/database/types.generated.ts';

type Tables = Database['public']['Tables'];

export type Row<Name extends keyof Tables> = Tables[Name]['Row'];
export type Changes<Name extends keyof Tables> = Tables[Name]['Update'];
