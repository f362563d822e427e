import { CloudOff, Gauge, KeyRound, Smile } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from '#design/cx.ts';
import { type Armed, useTrouble } from './useTrouble.ts';

const choices: readonly { kind: Armed; icon: React.ReactNode }[] = [
  { kind: 'none', icon: <Smile /> },
  { kind: 'unavailable', icon: <CloudOff /> },
  { kind: 'rate_limited', icon: <Gauge /> },
  { kind: 'token_expired', icon: <KeyRound /> },
];

/** What the provider will do with the next message of the business. */
export function TroubleSwitch() {
  const { t } = useTranslation();
  const { armed, set } = useTrouble();
  const title = useId();
  return (
    <section className="shrink-0 border-t border-line px-4 pt-3 pb-4">
      <h3 id={title} className="text-13 font-strong">
        {t('sandbox.trouble.title')}
      </h3>
      <p className="mt-0.5 mb-2 text-12 text-ink-2 text-pretty">{t('sandbox.trouble.text')}</p>
      <RadioGroup.Root
        aria-labelledby={title}
        value={armed}
        onValueChange={(value) => {
          const choice = choices.find((one) => one.kind === value);
          if (choice !== undefined) set(choice.kind);
        }}
        className="grid grid-cols-2 gap-1.5"
      >
        {choices.map(({ kind, icon }) => (
          <RadioGroup.Item
            key={kind}
            value={kind}
            data-testid={`trouble-${kind}`}
            className={cx(
              'flex min-h-8 items-center gap-1.5 rounded-control px-2 text-start text-12 font-medium icon-14 inset-ring touch-target',
              armed !== kind
                ? 'text-ink-2 inset-ring-line hover:bg-hover hover:text-ink'
                : kind === 'none'
                  ? 'bg-success-soft text-success-ink inset-ring-success-line'
                  : 'bg-warning-soft text-warning-ink inset-ring-warning-line',
            )}
          >
            {icon}
            {t(`sandbox.trouble.${kind}`)}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      <p
        role="status"
        className={cx('mt-2 min-h-8 text-12 text-pretty', armed === 'none' ? 'text-ink-3' : 'text-warning-ink')}
      >
        {t(`sandbox.trouble.hint.${armed}`)}
      </p>
    </section>
  );
}
