import { ChevronDown } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { usePreference } from '#app/preferences/usePreferences.ts';
import { cx } from '#design/cx.ts';

/** A part of the contact panel that folds away and stays folded. */
export function PanelSection({
  id,
  title,
  action,
  children,
}: {
  id: string;
  title: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  const [folded, setFolded] = usePreference('foldedSections');
  const body = useId();
  const closed = folded.includes(id);
  return (
    <section className="border-t border-line px-4 py-2">
      <div className="flex h-8 items-center">
        <h2 className="min-w-0 flex-1">
          <button
            type="button"
            aria-expanded={!closed}
            aria-controls={body}
            onClick={() => setFolded(closed ? folded.filter((one) => one !== id) : [...folded, id])}
            className="-mx-1.5 flex h-8 w-full items-center gap-1 rounded-control px-1.5 text-start text-12 font-medium text-ink-2 hover:text-ink icon-14"
          >
            {title}
            <ChevronDown className={cx('text-ink-3', closed && 'rotate-90 rtl:-rotate-90')} />
          </button>
        </h2>
        {closed ? null : action}
      </div>
      {closed ? null : (
        <div id={body} className="pb-1.5">
          {children}
        </div>
      )}
    </section>
  );
}

/** One line of text where a section has nothing. */
export const PanelEmpty = ({ children }: { children: ReactNode }) => <p className="text-12 text-ink-3">{children}</p>;
