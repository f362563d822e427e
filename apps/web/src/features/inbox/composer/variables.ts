/** Names that stand for something about this conversation, and what they stand for now. */
export type VariableValues = Readonly<Record<string, string>>;

const TOKEN = /\{\{\s*([\w.]+)\s*\}\}/g;

/** The text with every known variable filled in; unknown or empty ones stay visible and are named. */
export function resolveVariables(
  text: string,
  values: VariableValues,
): { text: string; used: string[]; missing: string[] } {
  const used: string[] = [];
  const missing: string[] = [];
  const resolved = text.replace(TOKEN, (token, name: string) => {
    const value = own(values, name) ?? own(values, own(shortNames, name) ?? '');
    if (value === undefined || value === '') {
      missing.push(name);
      return token;
    }
    used.push(name);
    return value;
  });
  return { text: resolved, used, missing };
}

/** `{{constructor}}` is nobody's variable. */
const own = (from: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(from, key) ? from[key] : undefined;

/** Names without their owner, as people type them. */
const shortNames: Readonly<Record<string, string>> = {
  first_name: 'contact.first_name',
  last_name: 'contact.last_name',
  full_name: 'contact.full_name',
  name: 'contact.full_name',
  phone: 'contact.phone',
  email: 'contact.email',
  agent_name: 'agent.name',
  organization: 'organization.name',
};

export function variableValues(about: {
  contact: {
    first_name: string | null;
    last_name: string | null;
    full_name: string | null;
    phones: readonly string[];
    emails: readonly string[];
  } | null;
  agent: { firstName: string; name: string };
  organization: string;
}): VariableValues {
  const { contact, agent, organization } = about;
  return {
    'contact.first_name': contact?.first_name ?? '',
    'contact.last_name': contact?.last_name ?? '',
    'contact.full_name': contact?.full_name ?? '',
    'contact.phone': contact?.phones[0] ?? '',
    'contact.email': contact?.emails[0] ?? '',
    'agent.first_name': agent.firstName,
    'agent.name': agent.name,
    'organization.name': organization,
  };
}
