import { Dialog } from 'radix-ui';
import { useTranslation } from 'react-i18next';
import { AssignPicker, type PickerProps, SnoozePicker, TagPicker } from './pickers.tsx';

export type PickerKind = 'assign' | 'snooze' | 'tags';

/** A picker opened by a key: in the middle of the page, whatever row it is about. */
export default function PickerDialog({ kind, ...props }: PickerProps & { kind: PickerKind }) {
  const { t } = useTranslation();
  const titles = { assign: t('inbox.assign.label'), snooze: t('inbox.snooze.label'), tags: t('inbox.tags.label') };
  return (
    <Dialog.Root open onOpenChange={(open) => (open ? undefined : props.onDone())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim/50 animate-fade" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[18dvh] z-40 mx-auto w-fit overflow-hidden rounded-panel bg-raised shadow-dialog animate-pop focus:outline-none"
        >
          <Dialog.Title className="sr-only">{titles[kind]}</Dialog.Title>
          {kind === 'assign' ? (
            <AssignPicker {...props} />
          ) : kind === 'snooze' ? (
            <SnoozePicker {...props} />
          ) : (
            <TagPicker {...props} />
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
