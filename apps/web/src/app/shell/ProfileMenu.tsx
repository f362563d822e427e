import { useTranslation } from 'react-i18next';
import { Avatar } from '#design/Avatar.tsx';
import { cx } from '#design/cx.ts';
import { DeferredMenu } from '#design/DeferredMenu.tsx';
import { useMe } from '../session/sessionContext.ts';

const loadContent = () => import('./ProfileMenuContent.tsx');

/** Oneself, with a menu of what belongs to oneself. */
export function ProfileMenu({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <DeferredMenu
      load={loadContent}
      trigger={
        <button
          type="button"
          aria-label={t('shell.profileOf', { name: me.name })}
          data-testid="profile-menu"
          className={cx(
            'flex min-w-0 items-center gap-2 rounded-control text-start hover:bg-hover data-[state=open]:bg-hover',
            narrow ? 'size-9 justify-center' : 'h-10 flex-1 px-2',
          )}
        >
          <Avatar id={me.id} name={me.name} src={me.avatarUrl} size={24} />
          {narrow ? null : (
            <span className="line-1 flex-1 font-medium" dir="auto">
              {me.name}
            </span>
          )}
        </button>
      }
    />
  );
}
