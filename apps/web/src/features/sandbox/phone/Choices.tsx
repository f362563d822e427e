import { Check, ExternalLink, List } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '#design/Dialog.tsx';
import type { Choice, Choices as ChoicesOf } from './phoneMessages.ts';

/** Buttons, a list or a link under a message of the business. One answer is enough: what was chosen stays marked. */
export function Choices(props: {
  choices: ChoicesOf;
  chosen: string | null;
  onChoose: (kind: 'button' | 'list', choice: Choice) => void;
}) {
  const { choices, chosen, onChoose } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { list, link } = choices;
  const label = list?.button ?? t('sandbox.phone.openList');
  return (
    <div className="mt-0.5 flex w-full flex-col gap-0.5">
      {choices.buttons.map((choice) => (
        <button
          key={choice.id}
          type="button"
          className="phone-choice icon-14"
          disabled={chosen !== null}
          onClick={() => onChoose('button', choice)}
        >
          {chosen === choice.id ? <Check /> : null}
          <bdi>{choice.title}</bdi>
        </button>
      ))}
      {list === null ? null : (
        <button type="button" className="phone-choice icon-14" disabled={chosen !== null} onClick={() => setOpen(true)}>
          {chosen === null ? <List /> : <Check />}
          <bdi>{list.rows.find((row) => row.id === chosen)?.title ?? label}</bdi>
        </button>
      )}
      {link === null ? null : (
        <a href={link.url} target="_blank" rel="noopener noreferrer nofollow" className="phone-choice icon-14">
          <ExternalLink />
          <bdi>{link.title}</bdi>
        </a>
      )}
      {list === null ? null : (
        <Dialog open={open} onOpenChange={setOpen} title={label} size="sm">
          <ul className="-mx-2 flex flex-col">
            {list.rows.map((row) => (
              <li key={row.id}>
                <button
                  type="button"
                  onClick={() => {
                    setOpen(false);
                    onChoose('list', row);
                  }}
                  className="flex w-full flex-col rounded-control px-2 py-1.5 text-start hover:bg-hover"
                >
                  <bdi className="text-14 font-medium">{row.title}</bdi>
                  {row.description === null ? null : <bdi className="text-12 text-ink-2">{row.description}</bdi>}
                </button>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </div>
  );
}
