import { toChannelType } from '@connectgain/channels/channelType.ts';
import type { LoadedAccount } from '../accounts/loadAccount.ts';

/** What incoming events need to know of their account; secrets are for the way out. */
export type InboundAccount = Pick<LoadedAccount, 'id' | 'organizationId' | 'type' | 'routingKey'>;

/** An account beside an event, null where none is connected. */
export interface AccountColumns {
  account_id: string | null;
  account_organization_id: string | null;
  account_type: string | null;
  account_routing_key: string | null;
}

export function accountOf(row: AccountColumns): InboundAccount | undefined {
  const type = toChannelType(row.account_type ?? '');
  if (row.account_id === null || row.account_organization_id === null || type === undefined) return undefined;
  return { id: row.account_id, organizationId: row.account_organization_id, type, routingKey: row.account_routing_key };
}
