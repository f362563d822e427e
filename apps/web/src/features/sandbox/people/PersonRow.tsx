import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useNow } from '#app/clock/useNow.ts';
import { Avatar } from '#design/Avatar.tsx';
import { cx } from '#design/cx.ts';
import { kindIcon, kindLabel } from '#features/inbox/model/messageKinds.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import type { SandboxSearch } from '../sandboxSearch.ts';
import { type Person, shownNumber } from './person.ts';

/** One customer: face, name, the last line of their chat and when it was. */
export function PersonRow({ person, open }: { person: Person; open: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const icon = person.lastType === null ? null : kindIcon(person.lastType);
  const words =
    person.lastAt === null ? shownNumber(person.phone) : (person.lastWords ?? kindLabel(person.lastType ?? 'text', t));
  return (
    <Link
      to="/sandbox/{-$phone}"
      params={{ phone: person.phone }}
      search={(before: SandboxSearch) => ({
        channel: before.channel,
        name: person.contactId === null ? person.name : undefined,
      })}
      preload={false}
      data-testid="sandbox-person"
      aria-current={open ? 'true' : undefined}
      className={cx(
        'mx-1.5 flex h-16 items-center gap-3 rounded-control px-2.5 outline-offset-[-2px] select-none',
        open ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <Avatar id={person.contactId ?? person.phone} name={person.name} src={person.avatarUrl} size={36} />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-baseline gap-2">
          <span className="flex min-w-0 flex-1">
            <span className="line-1 font-medium" dir="auto">
              {person.name}
            </span>
          </span>
          {person.lastAt === null ? null : (
            <time
              dateTime={person.lastAt}
              title={format.exact(person.lastAt)}
              className="shrink-0 text-12 text-ink-3 tabular"
            >
              {format.ago(person.lastAt, now)}
            </time>
          )}
        </span>
        <span className="flex items-center gap-1 text-13 text-ink-2">
          {person.lastAt === null || person.lastIsTheirs ? null : (
            <span className="shrink-0 text-ink-3">{t('sandbox.people.business')}</span>
          )}
          {icon === null ? null : <span className="inline-flex shrink-0 text-ink-3 icon-14">{icon}</span>}
          <span className="line-1" dir={person.lastAt === null ? 'ltr' : 'auto'}>
            {words}
          </span>
        </span>
      </span>
    </Link>
  );
}
