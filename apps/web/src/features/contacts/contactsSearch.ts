export const contactSorts = ['newest', 'oldest', 'name', 'name-desc'] as const;

/** What is looked at in the contact list, as the address carries it. */
export interface ContactsSearch {
  q?: string | undefined;
  tag?: string | undefined;
  sort?: (typeof contactSorts)[number] | undefined;
}

export function readContactsSearch(raw: Record<string, unknown>): ContactsSearch {
  const text = (value: unknown, longest: number) => {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    const cut = String(value).slice(0, longest);
    return cut === '' ? undefined : cut;
  };
  return {
    q: text(raw.q, 200),
    tag: text(raw.tag, 50),
    sort: contactSorts.find((sort) => sort === raw.sort),
  };
}
