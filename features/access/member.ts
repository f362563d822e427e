import { ApiError, authenticate, type FastifyRequest, forbidden, type Tokens } from '@connectgain/http';
import { type Principal, runAs } from '@connectgain/postgres';
import type pg from 'pg';

/** Who calls a function, and for which organization. */
export interface Member {
  principal: Principal;
  userId: string | null;
  organizationId: string;
  role: string | null;
  can(permission: string): boolean;
}

export interface MemberOptions {
  requests: pg.Pool;
  tokens: Tokens;
}

interface MemberRow {
  organization_id: string | null;
  user_id: string | null;
  role: string | null;
  rights: Record<string, boolean>;
}

const rights = ['can_manage_settings', 'can_manage_team', 'can_send_messages', 'can_read_messages', 'can_access_crm'];

/**
 * The signed-in member behind a functions call, as the database sees them: organization, role and rights come from the same
 * SQL functions that the policies use. Throws 401 without a user's token and 403 for an account without organization.
 */
export async function requireMember(request: FastifyRequest, o: MemberOptions): Promise<Member> {
  const principal = await authenticate(request, o.tokens, { apiKey: 'optional' });
  if (principal.role !== 'authenticated') {
    throw new ApiError({
      status: 401,
      code: 'AUTHENTICATION_FAILED',
      message: 'Sign in first: send a user access token as "Authorization: Bearer …".',
    });
  }
  const [result] = await runAs(o.requests, principal, [
    {
      text: `select app.organization_id() as organization_id, app.user_id() as user_id, app.role()::text as role,
               (select jsonb_object_agg(flag, app.can(flag)) from unnest($1::text[]) flag) as rights`,
      values: [rights],
    },
  ]);
  const row: MemberRow | undefined = result?.rows[0];
  if (!row?.organization_id) throw forbidden('Your account is not an active member of an organization.');
  return {
    principal,
    userId: row.user_id,
    organizationId: row.organization_id,
    role: row.role,
    can: (permission) => row.rights[permission] === true,
  };
}
