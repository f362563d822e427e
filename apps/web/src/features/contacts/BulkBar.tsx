import { useQueryClient } from '@tanstack/react-query';
import { Tag, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { asFailure } from '#api/failure.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { Button } from '#design/Button.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { PickList } from '#design/PickList.tsx';
import { Popover } from '#design/Popover.tsx';
import { useNotify } from '#design/useNotify.ts';
import { useTags } from '#features/inbox/model/useTags.ts';
import { useFormat } from '#i18n/useFormat.ts';
import { changeTag, restoreTags } from './contactBulk.ts';
import type { ContactsSearch } from './contactsSearch.ts';
import { DeleteContactsDialog } from './DeleteContactsDialog.tsx';
import { fetchAllContactIds } from './listContacts.ts';
import type { Selection } from './selection.ts';

/** What can be done to the chosen contacts, at the lower edge while there are any. */
export function BulkBar(props: {
  selection: Selection;
  count: number;
  total: number;
  search: ContactsSearch;
  onSelectAll: () => void;
  onClear: () => void;
}) {
  const { selection, count, total, search, onSelectAll, onClear } = props;
  const { t } = useTranslation();
  const notify = useNotify();
  const format = useFormat();
  const api = useApi();
  const me = useMe();
  const queryClient = useQueryClient();
  const { data: tags = [] } = useTags();
  const [tagging, setTagging] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [busy, setBusy] = useState(false);

  const ids = async () => (selection.all ? fetchAllContactIds(api, search) : [...selection.ids]);
  const refresh = () => void queryClient.invalidateQueries({ queryKey: ['contacts'] });

  const addTag = async (name: string) => {
    setTagging(false);
    setBusy(true);
    try {
      const before = await changeTag(api, await ids(), name, true);
      refresh();
      notify.undo(t('contacts.tagged', { count: before.size, name }), {
        label: t('action.undo'),
        run: () =>
          void restoreTags(api, before).then(refresh, (thrown: unknown) =>
            notify.failure(t('contacts.tagFailed'), { reason: asFailure(thrown).message }),
          ),
      });
    } catch (thrown) {
      notify.failure(t('contacts.tagFailed'), {
        reason: asFailure(thrown).message,
        retry: { label: t('action.retry'), run: () => void addTag(name) },
      });
    }
    setBusy(false);
  };

  return (
    <div
      role="toolbar"
      aria-label={t('contacts.bulk')}
      className="absolute inset-x-0 bottom-10 z-20 mx-auto flex w-fit max-w-[calc(100%-1.5rem)] flex-wrap items-center gap-1 rounded-panel bg-raised p-1.5 shadow-menu animate-rise"
    >
      <span className="px-2 font-medium tabular">{t('contacts.selected', { count, shown: format.number(count) })}</span>
      {selection.all || count === total ? null : (
        <Button tone="ghost" size="sm" onClick={onSelectAll}>
          {t('contacts.selectAllMatching', { count: total, shown: format.number(total) })}
        </Button>
      )}
      <span className="h-5 w-px bg-line" />
      <Popover
        open={tagging}
        onOpenChange={setTagging}
        side="top"
        label={t('contacts.addTags')}
        trigger={
          <Button tone="ghost" icon={<Tag />} busy={busy}>
            {t('contacts.addTags')}
          </Button>
        }
      >
        <PickList
          label={t('contacts.addTags')}
          placeholder={t('inbox.tags.placeholder')}
          empty={t('inbox.tags.empty')}
          options={tags.map((tag) => ({ id: tag.name, label: tag.name }))}
          onPick={(name) => void addTag(name)}
          create={{ label: (name) => t('inbox.tags.create', { name }), onCreate: (name) => void addTag(name) }}
        />
      </Popover>
      {me.can('can_delete_data') ? (
        <Button tone="danger-ghost" icon={<Trash2 />} onClick={() => setDeleting(true)}>
          {t('contacts.delete')}
        </Button>
      ) : null}
      <IconButton label={t('contacts.clearSelection')} icon={<X />} onClick={onClear} tooltipSide="top" />
      {deleting ? (
        <DeleteContactsDialog
          count={count}
          ids={ids}
          onClose={() => setDeleting(false)}
          onDeleted={() => {
            setDeleting(false);
            onClear();
          }}
        />
      ) : null}
    </div>
  );
}
