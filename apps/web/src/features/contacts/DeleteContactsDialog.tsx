import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { asFailure } from '#api/failure.ts';
import { Button } from '#design/Button.tsx';
import { Dialog } from '#design/Dialog.tsx';
import { useNotify } from '#design/useNotify.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { deleteContacts } from './contactBulk.ts';

/** Deleting cannot be taken back, so it asks, with the number and what goes with it. */
export function DeleteContactsDialog(props: {
  count: number;
  name?: string;
  ids: () => Promise<readonly string[]>;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { count, name, ids, onClose, onDeleted } = props;
  const { t } = useTranslation();
  const notify = useNotify();
  const format = useFormat();
  const api = useApi();
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => deleteContacts(api, await ids()),
    onSuccess: (gone) => {
      notify.done(t('contacts.deleted', { count: gone, shown: format.number(gone) }));
      onDeleted();
      void queryClient.invalidateQueries({ queryKey: ['contacts'] });
      void queryClient.invalidateQueries({ queryKey: ['conversations'] });
    },
  });
  const failure = remove.error === null ? null : asFailure(remove.error);
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      size="sm"
      title={
        name === undefined
          ? t('contacts.deleteTitle', { count, shown: format.number(count) })
          : t('contacts.deleteOneTitle', { name })
      }
      description={t('contacts.deleteText', { count })}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {t('contacts.deleteAction', { count, shown: format.number(count) })}
          </Button>
        </>
      }
    >
      {failure === null ? undefined : (
        <p role="alert" className="text-danger-ink">
          {failure.kind === 'denied' ? t('inbox.action.notAllowed') : failure.message}
        </p>
      )}
    </Dialog>
  );
}
