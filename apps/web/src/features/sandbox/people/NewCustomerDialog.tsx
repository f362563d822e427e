import { zodResolver } from '@hookform/resolvers/zod';
import { useId } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { Button } from '#design/Button.tsx';
import { Dialog } from '#design/Dialog.tsx';
import { Field } from '#design/Field.tsx';
import { Input } from '#design/Input.tsx';
import { normalizePhone } from '#features/contacts/contactFields.ts';
import { digitsOf, inventedNumber, shownNumber } from './person.ts';

// Our content security policy forbids code made at run time; zod must not try it.
z.config({ jitless: true });

const form = z.object({
  name: z.string().trim().min(1, 'name').max(100, 'name'),
  phone: z.string().refine((value) => normalizePhone(value) !== null, 'phone'),
});

/** Somebody the business does not know yet; their first message makes the contact. */
export default function NewCustomerDialog(props: {
  taken: readonly string[];
  onClose: () => void;
  onPlay: (phone: string, name: string) => void;
}) {
  const { taken, onClose, onPlay } = props;
  const { t } = useTranslation();
  const formId = useId();
  const { register, handleSubmit, formState } = useForm<z.infer<typeof form>>({
    resolver: zodResolver(form),
    defaultValues: { name: '', phone: shownNumber(inventedNumber(new Set(taken))) },
  });
  const { errors } = formState;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      size="sm"
      title={t('sandbox.new.title')}
      description={t('sandbox.new.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="primary" type="submit" form={formId}>
            {t('sandbox.new.action')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-4 pt-1"
        onSubmit={(event) =>
          void handleSubmit((values) => onPlay(digitsOf(normalizePhone(values.phone) ?? ''), values.name))(event)
        }
      >
        <Field label={t('sandbox.new.name')} error={errors.name === undefined ? undefined : t('sandbox.new.nameError')}>
          {(field) => (
            <Input {...field} {...register('name')} autoComplete="off" placeholder={t('sandbox.new.namePlaceholder')} />
          )}
        </Field>
        <Field
          label={t('sandbox.new.phone')}
          hint={t('sandbox.new.phoneHint')}
          error={errors.phone === undefined ? undefined : t('sandbox.new.phoneError')}
        >
          {(field) => (
            <Input {...field} {...register('phone')} type="tel" dir="ltr" autoComplete="off" className="rtl:text-end" />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
