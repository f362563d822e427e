import { useTranslation } from 'react-i18next';

const lines = ['order', 'stock', 'hours'] as const;

/** A new chat is easier to begin with something to say. */
export function OpeningLines({ onPick }: { onPick: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <li className="mt-6 flex flex-col items-center gap-2">
      <span className="rounded-control bg-(--phone-chip) px-2.5 py-1 text-12 phone-meta">
        {t('sandbox.phone.begin')}
      </span>
      {lines.map((line) => {
        const text = t(`sandbox.phone.lines.${line}`);
        return (
          <button
            key={line}
            type="button"
            onClick={() => onPick(text)}
            dir="auto"
            className="min-h-9 max-w-[86%] rounded-panel bg-(--phone-theirs) px-3.5 py-1.5 text-14 text-(--phone-green) hover:underline"
          >
            {text}
          </button>
        );
      })}
    </li>
  );
}
