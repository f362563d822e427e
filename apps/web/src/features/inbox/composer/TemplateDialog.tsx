import { useQuery } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { unwrap } from '#api/failure.ts';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { Button } from '#design/Button.tsx';
import { cx } from '#design/cx.ts';
import { Dialog } from '#design/Dialog.tsx';
import { EmptyState } from '#design/EmptyState.tsx';
import { Field } from '#design/Field.tsx';
import { Input } from '#design/Input.tsx';
import { Skeleton } from '#design/Skeleton.tsx';
import type { ConversationItem } from '../model/conversation.ts';
import { fillTemplate, readTemplate } from './templateText.ts';
import type { Outgoing } from './useSendMessage.ts';

/** Picks an approved template, fills its variables, shows what the customer will read, and sends it. */
export default function TemplateDialog(props: {
  conversation: ConversationItem;
  onClose: () => void;
  onSend: (outgoing: Outgoing) => void;
}) {
  const { conversation, onClose, onSend } = props;
  const { t } = useTranslation();
  const api = useApi();
  const [chosenId, setChosenId] = useState<string | null>(null);
  const [values, setValues] = useState<readonly string[]>([]);
  const templates = useQuery({
    queryKey: ['templates', conversation.channel_account_id],
    queryFn: async ({ signal }) =>
      unwrap(
        await api
          .from('templates')
          .select('id,name,language,category,components,content')
          .eq('status', 'APPROVED')
          .eq('channel_account_id', conversation.channel_account_id ?? '')
          .order('name')
          .limit(200)
          .abortSignal(signal),
      ),
  });
  const chosen = templates.data?.find((template) => template.id === chosenId);
  const text = chosen === undefined ? null : readTemplate(chosen.components, chosen.content);
  const complete = text?.variables.every((_, index) => (values[index] ?? '').trim() !== '') === true;

  const send = () => {
    if (chosen === undefined || text === null || !complete) return;
    onSend({
      text: fillTemplate(text.body, text.variables, values),
      template: {
        name: chosen.name,
        language: chosen.language,
        variables: text.variables.map((_, index) => values[index]?.trim() ?? ''),
      },
    });
    onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      size="lg"
      title={t('inbox.template.title')}
      description={t('inbox.template.hint')}
      footer={
        <Button tone="primary" disabled={!complete} onClick={send}>
          {t('inbox.template.send')}
        </Button>
      }
    >
      {templates.isPending ? (
        <div className="flex flex-col gap-2">
          <Skeleton className="h-10" />
          <Skeleton className="h-10" />
        </div>
      ) : templates.error !== null ? (
        <FailureState error={templates.error} onRetry={() => void templates.refetch()} />
      ) : templates.data.length === 0 ? (
        <EmptyState reason="no-data" icon={<FileText />} title={t('inbox.template.emptyTitle')}>
          {t('inbox.template.emptyText')}
        </EmptyState>
      ) : (
        <div className="grid gap-4 sm:grid-cols-[14rem_1fr]">
          <ul className="flex max-h-80 flex-col gap-px overflow-y-auto">
            {templates.data.map((template) => (
              <li key={template.id}>
                <button
                  type="button"
                  aria-pressed={template.id === chosenId}
                  onClick={() => {
                    setChosenId(template.id);
                    setValues([]);
                  }}
                  className={cx(
                    'w-full rounded-control px-2.5 py-1.5 text-start',
                    template.id === chosenId ? 'bg-selected' : 'hover:bg-hover',
                  )}
                >
                  <bdi className="line-1 block font-medium">{template.name}</bdi>
                  <span className="text-12 text-ink-3">{template.language}</span>
                </button>
              </li>
            ))}
          </ul>
          {text === null ? (
            <p className="self-center text-center text-ink-3">{t('inbox.template.choose')}</p>
          ) : (
            <div className="flex min-w-0 flex-col gap-3">
              <div className="rounded-panel bg-bubble-out px-3 py-2 text-14" dir="auto">
                {text.header === null ? null : <p className="font-strong">{text.header}</p>}
                <p className="whitespace-pre-wrap">{fillTemplate(text.body, text.variables, values)}</p>
                {text.footer === null ? null : <p className="mt-1 text-12 text-bubble-meta">{text.footer}</p>}
                {text.buttons.map((button) => (
                  <p
                    key={button}
                    className="mt-1 rounded-control bg-surface/70 py-1 text-center text-13 text-accent-ink inset-ring inset-ring-line"
                  >
                    {button}
                  </p>
                ))}
              </div>
              {text.variables.map((variable, index) => (
                <Field key={variable} label={t('inbox.template.variable', { name: variable })}>
                  {(control) => (
                    <Input
                      {...control}
                      value={values[index] ?? ''}
                      onChange={(event) =>
                        setValues(
                          text.variables.map((_, at) => (at === index ? event.target.value : (values[at] ?? ''))),
                        )
                      }
                    />
                  )}
                </Field>
              ))}
            </div>
          )}
        </div>
      )}
    </Dialog>
  );
}
