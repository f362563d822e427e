import { useTranslation } from 'react-i18next';
import { Avatar } from '#design/Avatar.tsx';
import type { PresentAgent } from './usePresence.ts';

/** "Omar is typing": above the composer, so that two people do not answer at once. */
export function PresenceLine({ others }: { others: readonly PresentAgent[] }) {
  const { t } = useTranslation();
  const typing = others.filter((other) => other.typing);
  const shown = typing.length > 0 ? typing : others;
  if (shown.length === 0) return null;
  const names = shown.map((other) => other.name).join(', ');
  return (
    <p role="status" className="flex items-center gap-1.5 px-4 pt-1 pb-1.5 text-12 text-ink-3">
      <span className="flex -space-x-1 rtl:space-x-reverse">
        {shown.slice(0, 3).map((other) => (
          <Avatar
            key={other.id}
            id={other.id}
            name={other.name}
            src={other.avatarUrl}
            size={16}
            className="rounded-full ring-2 ring-surface"
          />
        ))}
      </span>
      {typing.length > 0 ? (
        <>
          <span>{t('inbox.presence.typing', { count: typing.length, names })}</span>
          <span aria-hidden="true" className="flex gap-0.5">
            {[0, 150, 300].map((delay) => (
              <span
                key={delay}
                className="size-1 animate-typing rounded-full bg-current"
                style={{ animationDelay: `${String(delay)}ms` }}
              />
            ))}
          </span>
        </>
      ) : (
        <span>{t('inbox.presence.viewing', { count: shown.length, names })}</span>
      )}
    </p>
  );
}
