import { Activity, ArrowLeft, ExternalLink, Inbox } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '#design/Avatar.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { Tooltip } from '#design/Tooltip.tsx';
import { type Person, shownNumber } from './people/person.ts';

/** Whom one is playing, and the way to see the same conversation from the other side. */
export function PlayingBar({
  person,
  onBack,
  onHappened,
}: {
  person: Person;
  onBack: () => void;
  onHappened: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface ps-2 pe-2 md:ps-4">
      <IconButton
        label={t('sandbox.back')}
        icon={<ArrowLeft className="mirror-rtl" />}
        onClick={onBack}
        className="md:hidden"
        tooltip={false}
      />
      <Avatar id={person.contactId ?? person.phone} name={person.name} src={person.avatarUrl} size={28} />
      <div className="min-w-0">
        <h2 className="line-1 text-13 font-strong">{t('sandbox.playing', { name: person.name })}</h2>
        <p className="line-1 text-12 text-ink-3 tabular">
          <bdi dir="ltr">{shownNumber(person.phone)}</bdi>
        </p>
      </div>
      <div className="ms-auto flex items-center gap-1">
        {person.conversationId === null ? null : (
          <Tooltip content={t('sandbox.openInInboxHint')}>
            <a
              href={`/inbox/${person.conversationId}`}
              target="connectgain-inbox"
              className="flex h-8 items-center gap-1.5 rounded-control bg-surface px-3 text-13 font-medium whitespace-nowrap inset-ring inset-ring-line-strong/60 hover:bg-hover touch-target"
            >
              <Inbox />
              <span className="max-sm:sr-only">{t('sandbox.openInInbox')}</span>
              <ExternalLink className="icon-14 text-ink-3 mirror-rtl" />
            </a>
          </Tooltip>
        )}
        {onHappened === undefined ? null : (
          <IconButton label={t('sandbox.life.title')} icon={<Activity />} onClick={onHappened} />
        )}
      </div>
    </header>
  );
}
