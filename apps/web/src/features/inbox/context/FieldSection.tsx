import { useTranslation } from 'react-i18next';
import type { ContactDetail } from '#features/contacts/contactQueries.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { PanelSection } from './PanelSection.tsx';

/** What else is known of the person, their own fields last. */
export function FieldSection({ contact }: { contact: ContactDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const place = [contact.city, contact.country].filter((part) => part !== null && part !== '').join(', ');
  const custom =
    typeof contact.custom_fields === 'object' && contact.custom_fields !== null && !Array.isArray(contact.custom_fields)
      ? Object.entries(contact.custom_fields)
      : [];
  const rows: [string, string][] = [
    ...optional(t('contacts.field.jobTitle'), contact.job_title),
    ...optional(t('contacts.field.place'), place),
    ...optional(t('contacts.field.language'), contact.language),
    ...optional(t('contacts.field.source'), contact.source),
    [t('contacts.field.optIn'), contact.opt_in_status ? t('contacts.optedIn') : t('contacts.optedOut')],
    ...custom.flatMap(([name, value]) =>
      optional(name, typeof value === 'object' ? JSON.stringify(value) : String(value ?? '')),
    ),
    [t('contacts.field.created'), format.date(contact.created_at)],
  ];
  return (
    <PanelSection id="fields" title={t('contacts.fields')}>
      <dl className="grid grid-cols-[7rem_1fr] gap-x-2 gap-y-1">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="line-1 text-ink-3">
              <bdi>{name}</bdi>
            </dt>
            <dd className="min-w-0 [overflow-wrap:anywhere]">
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </PanelSection>
  );
}

const optional = (name: string, value: string | null): [string, string][] =>
  value === null || value === '' ? [] : [[name, value]];
