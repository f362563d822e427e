import { CircleAlert, File, Image, MapPin } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { RichText } from '#features/inbox/thread/content/RichText.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import type { Saying } from '../sandboxFunctions.ts';
import type { Utterance } from '../useSpeech.ts';
import { DeliveryTick } from './DeliveryTick.tsx';

/** What has been said and is not in the business's thread yet, or could not be said. */
export function WaitingBubble({
  utterance,
  first,
  onAgain,
}: {
  utterance: Utterance;
  first: boolean;
  onAgain: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { saying, state, at, reason } = utterance;
  return (
    <li
      data-own
      data-first={first || undefined}
      data-testid="phone-waiting"
      className={`flex flex-col items-end ${first ? 'mt-2' : 'mt-0.5'}`}
    >
      <div className="phone-bubble max-w-[84%]">
        <div className="flex flex-wrap items-end justify-end gap-x-2">
          <div className="min-w-0 flex-auto">
            <SayingWords saying={saying} />
          </div>
          <span className="flex h-4 shrink-0 items-center gap-0.5 text-11 tabular phone-meta">
            <time dateTime={at}>{format.time(at)}</time>
            {state === 'failed' ? null : <DeliveryTick state={state} />}
          </span>
        </div>
      </div>
      {state === 'failed' ? (
        <p
          role="alert"
          className="mt-1 flex max-w-[84%] flex-wrap items-center justify-end gap-1.5 rounded-control bg-danger-soft px-2 py-1 text-12 text-danger-ink icon-14"
        >
          <CircleAlert />
          <span dir="auto">{reason ?? t('sandbox.phone.notSent')}</span>
          <button type="button" onClick={onAgain} className="font-strong underline underline-offset-2">
            {t('action.retry')}
          </button>
        </p>
      ) : null}
    </li>
  );
}

function SayingWords({ saying }: { saying: Saying }) {
  const { t } = useTranslation();
  switch (saying.kind) {
    case 'text':
      return <RichText text={saying.text} formatting />;
    case 'button':
    case 'list':
      return <RichText text={saying.title} formatting={false} />;
    case 'photo':
    case 'document':
    case 'location': {
      const icon = saying.kind === 'photo' ? <Image /> : saying.kind === 'document' ? <File /> : <MapPin />;
      return (
        <span className="flex items-center gap-1.5 text-14">
          {icon}
          {t(`sandbox.phone.${saying.kind}`)}
        </span>
      );
    }
    case 'reaction':
      return null;
  }
}
