import type { Api } from '#api/client.ts';
import type { Json, Row } from '#api/database.ts';
import { ApiFailure, unwrap } from '#api/failure.ts';

/** Rights that decide what is offered; the server decides again on every request. */
export type Permission =
  | 'can_access_crm'
  | 'can_send_messages'
  | 'can_read_messages'
  | 'can_see_all_conversations'
  | 'can_see_assigned_conversations'
  | 'can_delete_data'
  | 'can_access_tasks'
  | 'can_manage_settings'
  | 'can_manage_team';

/** Who is signed in, where they work and what they may do. */
export interface Me {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  name: string;
  avatarUrl: string | null;
  language: string | null;
  timeZone: string | null;
  preferences: { [key: string]: Json | undefined };
  role: string;
  organization: {
    id: string;
    name: string;
    logoUrl: string | null;
    timeZone: string;
    currency: string;
    isDemo: boolean;
  };
  can(permission: Permission): boolean;
}

export async function fetchMe(api: Api): Promise<Me> {
  return readMe(unwrap(await api.rpc('who_am_i')));
}

/** Reads the answer of `who_am_i`; throws when the account belongs to no organization (any more). */
export function readMe(answer: Json): Me {
  const profile = objectAt(answer, 'profile');
  const organization = objectAt(answer, 'organization');
  if (profile === null) throw new ApiFailure('missing', 'This account has no profile');
  if (organization === null) throw new ApiFailure('denied', 'This account is not a member of any workspace');
  const permissions = objectAt(answer, 'permissions') ?? {};
  const role = isObject(answer) && typeof answer.role === 'string' ? answer.role : 'AGENT';
  const email = text(profile.email);
  const name = text(profile.full_name).trim();
  return {
    id: text(profile.id),
    email,
    firstName: text(profile.first_name),
    lastName: text(profile.last_name),
    name: name === '' ? email : name,
    avatarUrl: optionalText(profile.avatar_url),
    language: optionalText(profile.language),
    timeZone: optionalText(profile.timezone),
    preferences: isObject(profile.preferences) ? profile.preferences : {},
    role,
    organization: {
      id: text(organization.id),
      name: text(organization.name),
      logoUrl: optionalText(organization.logo_url),
      timeZone: text(organization.timezone),
      currency: text(organization.currency) || 'USD',
      isDemo: organization.is_demo === true,
    },
    can: (permission) => permissions[permission] === true,
  };
}

type JsonObject = { [key: string]: Json | undefined };

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function objectAt(value: Json, key: string): JsonObject | null {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : null;
}
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const optionalText = (value: Json | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** A colleague as lists and menus show them. */
export type Member = Pick<Row<'profiles'>, 'id' | 'first_name' | 'last_name' | 'email' | 'avatar_url' | 'is_online'>;

/** "Sara Nabil", or the e-mail address of someone who has not given a name. */
export function memberName(member: Pick<Member, 'first_name' | 'last_name'> & { email?: string | null }): string {
  const name = `${member.first_name ?? ''} ${member.last_name ?? ''}`.trim();
  return name === '' ? (member.email ?? '') : name;
}
