import { ChevronsUpDown } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { cx } from '#design/cx.ts';
import { DeferredMenu } from '#design/DeferredMenu.tsx';
import { useMe } from '../session/sessionContext.ts';
import { WorkspaceMark } from './WorkspaceMark.tsx';

const loadContent = () => import('./OrganizationMenu.tsx');

/** The workspace one is in, and the way to the others. */
export function OrganizationSwitcher({ narrow }: { narrow: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <DeferredMenu
      load={loadContent}
      trigger={
        <button
          type="button"
          aria-label={t('shell.workspace', { name: me.organization.name })}
          className={cx(
            'flex shrink-0 items-center gap-2 rounded-control text-start hover:bg-hover data-[state=open]:bg-hover',
            narrow ? 'mb-1 size-9 justify-center' : 'h-10 px-2',
          )}
        >
          <WorkspaceMark id={me.organization.id} name={me.organization.name} />
          {narrow ? null : (
            <>
              <span className="line-1 flex-1 font-strong" dir="auto">
                {me.organization.name}
              </span>
              <ChevronsUpDown className="icon-14 text-ink-3" />
            </>
          )}
        </button>
      }
    />
  );
}
