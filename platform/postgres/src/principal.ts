/** Who a request runs as. `claims` become `request.jwt.claims`, which policies read (`sub`, `organization_id`, ...). */
export interface Principal {
  role: 'anon' | 'authenticated' | 'service_role';
  claims: Record<string, unknown>;
}

/** As Principal, with any role that the pool's login may take: the REST engine alone serves databases with other role names. */
export interface RunsAs {
  role: string;
  claims: Record<string, unknown>;
}

/** Settings for one transaction: name to value, for example `{'request.method': 'GET'}`. */
export type Settings = Record<string, string>;
