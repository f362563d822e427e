import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { asFailure, succeed } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { Button } from '#design/Button.tsx';
import { Field } from '#design/Field.tsx';
import { Input } from '#design/Input.tsx';
import { Select } from '#design/Select.tsx';
import type { Stage } from './DealSection.tsx';

/** A deal of this person, made where the conversation is. */
export default function NewDealForm(props: {
  contactId: string;
  conversationId: string;
  pipelines: readonly { id: string; name: string; stages: readonly Stage[] }[];
  onDone: () => void;
}) {
  const { contactId, conversationId, pipelines, onDone } = props;
  const { t } = useTranslation();
  const api = useApi();
  const me = useMe();
  const queryClient = useQueryClient();
  const pipeline = pipelines[0];
  const [title, setTitle] = useState('');
  const [value, setValue] = useState('');
  const [stage, setStage] = useState(pipeline?.stages[0]?.id ?? '');
  const amount = value.trim() === '' ? 0 : Number(value);
  const wrongAmount = !Number.isFinite(amount) || amount < 0;
  const create = useMutation({
    mutationFn: async () =>
      succeed(
        await api.from('deals').insert({
          contact_id: contactId,
          conversation_id: conversationId,
          title: title.trim(),
          value: amount,
          currency: me.organization.currency,
          owner_id: me.id,
          ...(pipeline === undefined ? {} : { pipeline_id: pipeline.id, stage }),
        }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.contactDeals(contactId) });
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() !== '' && !wrongAmount) create.mutate();
  };
  return (
    <form onSubmit={submit} className="mb-2 flex flex-col gap-2">
      <Field label={t('inbox.deal.name')} error={create.error === null ? undefined : asFailure(create.error).message}>
        {(control) => (
          <Input {...control} value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
        )}
      </Field>
      <div className="grid grid-cols-2 gap-2">
        <Field
          label={t('inbox.deal.value', { currency: me.organization.currency })}
          error={wrongAmount ? t('inbox.deal.valueWrong') : undefined}
        >
          {(control) => (
            <Input
              {...control}
              dir="ltr"
              inputMode="decimal"
              value={value}
              onChange={(event) => setValue(event.target.value)}
            />
          )}
        </Field>
        {pipeline === undefined ? null : (
          <Field label={t('inbox.deal.stage')}>
            {(control) => (
              <Select
                control={control}
                value={stage}
                onChange={setStage}
                options={pipeline.stages.map((one) => ({ value: one.id, label: one.name }))}
              />
            )}
          </Field>
        )}
      </div>
      <div className="flex justify-end gap-2">
        <Button tone="ghost" onClick={onDone}>
          {t('action.cancel')}
        </Button>
        <Button tone="primary" type="submit" busy={create.isPending} disabled={title.trim() === '' || wrongAmount}>
          {t('inbox.deal.create')}
        </Button>
      </div>
    </form>
  );
}
