import { ArrowDownLeft, ArrowUpRight, Braces, Check, ChevronDown, Circle, RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '#app/clock/useNow.ts';
import { cx } from '#design/cx.ts';
import { IconButton } from '#design/IconButton.tsx';
import { Spinner } from '#design/Spinner.tsx';
import { kindIcon, kindLabel } from '#features/inbox/model/messageKinds.tsx';
import { isLanguage } from '#i18n/languages.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { elapsedText } from './elapsed.ts';
import type { Life, Step } from './lives.ts';

/** One message from the moment it was written to the moment it was read. */
export function LifeCard({
  life,
  open,
  onPayload,
}: {
  life: Life;
  open: boolean;
  onPayload: (eventId: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const theirs = life.who === 'customer';
  const icon = kindIcon(life.kind);
  const { eventId } = life;
  return (
    <details open={open} data-testid="life" data-who={life.who} className="group border-b border-line">
      <summary className="flex list-none items-center gap-2 px-4 py-2.5 hover:bg-hover">
        <span className={cx('inline-flex shrink-0 icon-14', theirs ? 'text-success-ink' : 'text-accent-ink')}>
          {theirs ? (
            <ArrowDownLeft className="mirror-rtl" aria-label={t('sandbox.life.fromCustomer')} />
          ) : (
            <ArrowUpRight className="mirror-rtl" aria-label={t('sandbox.life.fromBusiness')} />
          )}
        </span>
        <span className="flex min-w-0 flex-1 items-center gap-1 font-medium">
          {icon === null ? null : <span className="inline-flex shrink-0 text-ink-3 icon-14">{icon}</span>}
          <span className="line-1" dir="auto">
            {life.words === null || life.words === '' ? kindLabel(life.kind, t) : life.words}
          </span>
        </span>
        <time dateTime={life.at} title={format.exact(life.at)} className="shrink-0 text-12 text-ink-3 tabular">
          {format.ago(life.at, now)}
        </time>
        <ChevronDown className="text-ink-3 icon-14 group-open:rotate-180" />
      </summary>
      <ol className="relative px-4 pb-3">
        {life.steps.map((step, index) => (
          <StepLine key={step.name} life={life} step={step} last={index === life.steps.length - 1} />
        ))}
        {eventId === null ? null : (
          <li className="absolute end-3 top-0">
            <IconButton
              size="sm"
              label={t('sandbox.life.showWebhook')}
              icon={<Braces className="icon-14" />}
              onClick={() => onPayload(eventId)}
            />
          </li>
        )}
      </ol>
    </details>
  );
}

const marks: Record<Step['state'], ReactNode> = {
  done: <Check className="stroke-[3]" />,
  running: <Spinner className="size-3.5" />,
  retrying: <RotateCw />,
  failed: <TriangleAlert />,
  waiting: <Circle />,
};
const tones: Record<Step['state'], string> = {
  done: 'text-success-ink',
  running: 'text-accent-ink',
  retrying: 'text-warning-ink',
  failed: 'text-danger-ink',
  waiting: 'text-ink-3 opacity-60',
};

function StepLine({ life, step, last }: { life: Life; step: Step; last: boolean }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const language = isLanguage(i18n.language) ? i18n.language : 'en';
  const quiet = step.state === 'waiting';
  const words =
    step.state === 'retrying'
      ? t('sandbox.life.retrying', { count: life.attempts })
      : step.state === 'failed'
        ? t(`sandbox.life.failed.${step.name}`)
        : t(`sandbox.life.step.${step.name}`);
  return (
    <li data-step={step.name} data-state={step.state} className="relative flex gap-2 pb-1.5">
      {last ? null : <span aria-hidden="true" className="absolute start-1.5 top-4.5 bottom-0 -ms-px w-px bg-line" />}
      <span
        className={cx(
          'mt-0.75 inline-flex size-3.5 shrink-0 items-center justify-center [&_svg.lucide]:size-3',
          tones[step.state],
        )}
      >
        {marks[step.state]}
        <span className="sr-only">{t(`sandbox.life.state.${step.state}`)}</span>
      </span>
      <span className={cx('min-w-0 flex-1 text-12 leading-5', quiet ? 'text-ink-3' : 'text-ink-2')}>
        {words}
        {step.reason === null ? null : (
          <span className="block text-danger-ink [overflow-wrap:anywhere]" dir="auto">
            {step.reason}
          </span>
        )}
      </span>
      {step.at === null ? null : (
        <time
          dateTime={step.at}
          title={format.exact(step.at)}
          className={cx(
            'shrink-0 text-12 leading-5 text-ink-3 tabular',
            life.eventId !== null && step.took === null && 'pe-8',
          )}
        >
          {step.took === null
            ? format.time(step.at)
            : t('sandbox.life.after', { time: elapsedText(step.took, language) })}
        </time>
      )}
    </li>
  );
}
