import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '#api/failure.ts';
import { Button } from '#design/Button.tsx';
import { Dialog } from '#design/Dialog.tsx';
import { Field } from '#design/Field.tsx';
import { Input } from '#design/Input.tsx';
import { useNotify } from '#design/useNotify.ts';
import { useSaveFilter } from './useSavedFilters.ts';

/** Gives the present filter a name; it then stands in the sidebar. */
export default function SaveViewDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  const notify = useNotify();
  const search = useSearch({ from: '/app/inbox/{-$conversationId}' });
  const save = useSaveFilter();
  const [name, setName] = useState('');
  const failure = save.error === null ? undefined : asFailure(save.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(
      { name: name.trim(), search },
      {
        onSuccess: () => {
          notify.done(t('inbox.views.saved', { name: name.trim() }));
          setName('');
          onOpenChange(false);
        },
      },
    );
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        save.reset();
        onOpenChange(next);
      }}
      size="sm"
      title={t('inbox.views.save')}
      description={t('inbox.views.saveHint')}
      footer={
        <Button tone="primary" type="submit" form="save-view" busy={save.isPending} disabled={name.trim() === ''}>
          {t('inbox.views.saveAction')}
        </Button>
      }
    >
      <form id="save-view" onSubmit={submit}>
        <Field
          label={t('inbox.views.name')}
          error={
            failure === undefined ? undefined : failure.kind === 'conflict' ? t('inbox.views.taken') : failure.message
          }
        >
          {(control) => (
            <Input {...control} value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
