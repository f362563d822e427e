/** A row of `auth.users` with its identities. Never leaves the room as it is: `publicUser` makes what callers see. */
export interface UserRecord {
  id: string;
  aud: string;
  role: string;
  email: string | null;
  phone: string | null;
  encrypted_password: string | null;
  email_confirmed_at: Date | null;
  phone_confirmed_at: Date | null;
  confirmed_at: Date | null;
  invited_at: Date | null;
  confirmation_sent_at: Date | null;
  recovery_sent_at: Date | null;
  email_change: string;
  email_change_sent_at: Date | null;
  email_change_confirm_status: number;
  phone_change: string;
  phone_change_sent_at: Date | null;
  reauthentication_sent_at: Date | null;
  last_sign_in_at: Date | null;
  raw_app_meta_data: Record<string, unknown>;
  raw_user_meta_data: Record<string, unknown>;
  /** `infinity` in SQL arrives as the number. */
  banned_until: Date | number | null;
  is_sso_user: boolean;
  is_anonymous: boolean;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
  identities: IdentityRecord[];
}

/** As PostgreSQL's JSON has it: times are text. */
export interface IdentityRecord {
  identity_id: string;
  id: string;
  user_id: string;
  identity_data: Record<string, unknown>;
  provider: string;
  last_sign_in_at: string | null;
  created_at: string;
  updated_at: string;
  email: string | null;
}

/** Selects a UserRecord from `auth.users u`, or from a CTE called `u`. */
export const USER_COLUMNS = `u.*, (
  select coalesce(jsonb_agg(
    to_jsonb(i) - 'id' - 'provider_id' || jsonb_build_object('identity_id', i.id, 'id', i.provider_id)
    order by i.created_at
  ), '[]')
  from auth.identities i
  where i.user_id = u.id
) as identities`;

/** A user as the API shows it (GoTrue's `User`): no secrets, absent where null. */
export type PublicUser = ReturnType<typeof publicUser>;

export function publicUser(user: UserRecord) {
  return {
    id: user.id,
    aud: user.aud,
    role: user.role,
    email: user.email ?? '',
    email_confirmed_at: user.email_confirmed_at ?? undefined,
    invited_at: user.invited_at ?? undefined,
    phone: user.phone ?? '',
    phone_confirmed_at: user.phone_confirmed_at ?? undefined,
    confirmation_sent_at: user.confirmation_sent_at ?? undefined,
    confirmed_at: user.confirmed_at ?? undefined,
    recovery_sent_at: user.recovery_sent_at ?? undefined,
    new_email: user.email_change === '' ? undefined : user.email_change,
    email_change_sent_at: user.email_change_sent_at ?? undefined,
    new_phone: user.phone_change === '' ? undefined : user.phone_change,
    phone_change_sent_at: user.phone_change_sent_at ?? undefined,
    reauthentication_sent_at: user.reauthentication_sent_at ?? undefined,
    last_sign_in_at: user.last_sign_in_at ?? undefined,
    app_metadata: user.raw_app_meta_data,
    user_metadata: user.raw_user_meta_data,
    identities: user.identities.map(publicIdentity),
    created_at: user.created_at,
    updated_at: user.updated_at,
    banned_until: typeof user.banned_until === 'number' ? 'infinity' : (user.banned_until ?? undefined),
    deleted_at: user.deleted_at ?? undefined,
    is_anonymous: user.is_anonymous,
  };
}

function publicIdentity(identity: IdentityRecord) {
  return {
    identity_id: identity.identity_id,
    id: identity.id,
    user_id: identity.user_id,
    identity_data: identity.identity_data,
    provider: identity.provider,
    last_sign_in_at: utc(identity.last_sign_in_at),
    created_at: utc(identity.created_at),
    updated_at: utc(identity.updated_at),
    email: identity.email ?? undefined,
  };
}

function utc(time: string | null): string | undefined {
  return time === null ? undefined : new Date(time).toISOString();
}

export function isBanned(user: Pick<UserRecord, 'banned_until' | 'deleted_at'>): boolean {
  return user.deleted_at !== null || (user.banned_until !== null && user.banned_until.valueOf() > Date.now());
}
