import { Menu as MenuIcon, UserPlus, Users } from 'lucide-react';
import { type ReactNode, use } from 'react';
import { useTranslation } from 'react-i18next';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { ShellControls } from '#app/shell/shellControls.ts';
import { Button } from '#design/Button.tsx';
import { EmptyState } from '#design/EmptyState.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { Select } from '#design/Select.tsx';
import { Skeleton } from '#design/Skeleton.tsx';
import type { PhoneChannel } from '../useSandboxChannels.ts';
import { PersonRow } from './PersonRow.tsx';
import type { Person } from './person.ts';
import { usePeople } from './usePeople.ts';

/** The customers whose phone can be taken in the hand. `stranger` is one who has not written yet. */
export function PeoplePane(props: {
  channel: PhoneChannel;
  channels: readonly PhoneChannel[];
  onChannel: (id: string) => void;
  phone: string | null;
  stranger: Person | undefined;
  onNew: () => void;
  /** No phone stands beside the list. */
  alone: boolean;
  footer: ReactNode;
}) {
  const { channel, channels, onChannel, phone, stranger, onNew, alone, footer } = props;
  const { t } = useTranslation();
  const { openNavigation } = use(ShellControls);
  const people = usePeople(channel.id);
  const shown = stranger === undefined ? (people.data ?? []) : [stranger, ...(people.data ?? [])];
  return (
    <div className="flex h-full flex-col">
      <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line ps-4 pe-2">
        <IconButton
          label={t('shell.openNav')}
          icon={<MenuIcon />}
          className="-ms-2 md:hidden"
          onClick={openNavigation}
          tooltip={false}
        />
        <h1 className="text-14 font-strong">{t('sandbox.title')}</h1>
        <Button tone="ghost" size="md" icon={<UserPlus />} className="ms-auto" onClick={onNew}>
          {t('sandbox.people.new')}
        </Button>
      </header>
      <div className="flex flex-col gap-2 px-4 pt-3 pb-2">
        <p className="text-12 text-ink-2 text-pretty">{t('sandbox.intro')}</p>
        {channels.length > 1 ? (
          <Select
            label={t('sandbox.people.channel')}
            value={channel.id}
            onChange={onChannel}
            options={channels.map((one) => ({ value: one.id, label: <bdi>{one.name}</bdi> }))}
          />
        ) : null}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto pb-2">
        {people.isError ? (
          <FailureState error={people.error} onRetry={() => void people.refetch()} />
        ) : people.data === undefined ? (
          <PeopleSkeleton />
        ) : shown.length === 0 ? (
          <EmptyState
            reason="no-data"
            icon={<Users />}
            title={t('sandbox.people.emptyTitle')}
            // Beside the phone, the empty place of the phone offers it.
            action={alone ? <NewCustomer onNew={onNew} /> : undefined}
          >
            {alone ? t('sandbox.people.emptyText') : null}
          </EmptyState>
        ) : (
          <ul aria-label={t('sandbox.people.label')}>
            {shown.map((person) => (
              <li key={person.phone}>
                <PersonRow person={person} open={person.phone === phone} />
              </li>
            ))}
          </ul>
        )}
      </div>
      {footer}
    </div>
  );
}

/** The one thing to do where nobody has written yet. */
export function NewCustomer({ onNew }: { onNew: () => void }) {
  const { t } = useTranslation();
  return (
    <Button tone="primary" icon={<UserPlus />} onClick={onNew}>
      {t('sandbox.people.new')}
    </Button>
  );
}

function PeopleSkeleton() {
  return (
    <div aria-hidden="true">
      {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
        <div key={key} className="flex h-16 items-center gap-3 px-4">
          <Skeleton className="size-9 rounded-full!" />
          <div className="flex flex-1 flex-col gap-1.5">
            <Skeleton className="h-3 w-28" />
            <Skeleton className="h-3 w-full" />
          </div>
        </div>
      ))}
    </div>
  );
}
