import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { Controller, type UseFormReturn, useFieldArray, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { asFailure, unwrap } from '#api/failure.ts';
import { keys } from '#api/queryKeys.ts';
import { memberName } from '#app/session/me.ts';
import { useMembers } from '#app/session/useMembers.ts';
import { Button } from '#design/Button.tsx';
import { Checkbox } from '#design/Checkbox.tsx';
import { Dialog } from '#design/Dialog.tsx';
import { Field } from '#design/Field.tsx';
import { IconButton } from '#design/IconButton.tsx';
import { Input } from '#design/Input.tsx';
import { Select } from '#design/Select.tsx';
import { ContactTags } from './ContactTags.tsx';
import type { ContactDetail } from './contactQueries.ts';
import { type ContactForm, contactChanges, contactForm, emptyContact } from './contactSchema.ts';

const NOBODY = 'nobody';

/** A new contact, or the changes to one. */
export default function ContactDialog({
  contact,
  onClose,
  onSaved,
}: {
  contact?: ContactDetail | undefined;
  onClose: () => void;
  onSaved: (id: string) => void;
}) {
  const { t } = useTranslation();
  const api = useApi();
  const queryClient = useQueryClient();
  const { members } = useMembers();
  const stages = useQuery({
    queryKey: keys.stages,
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) =>
      unwrap(await api.from('lifecycle_stages').select('id,name,color,position').order('position').abortSignal(signal)),
  });
  const form = useForm<ContactForm>({
    resolver: zodResolver(contactForm),
    defaultValues: contact === undefined ? emptyContact : valuesOf(contact),
  });
  const { register, control, handleSubmit, formState } = form;
  const save = useMutation({
    mutationFn: async (values: ContactForm) => {
      const changes = contactChanges(values);
      const query =
        contact === undefined
          ? api.from('contacts').insert(changes)
          : api.from('contacts').update(changes).eq('id', contact.id);
      return unwrap(await query.select('id').single());
    },
    onSuccess: ({ id }) => {
      void queryClient.invalidateQueries({ queryKey: ['contacts'] });
      onSaved(id);
    },
  });

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={contact === undefined ? t('contacts.create') : t('contacts.edit')}
      footer={
        <>
          {save.error === null ? null : (
            <p role="alert" className="me-auto min-w-0 text-12 text-danger-ink">
              {asFailure(save.error).message}
            </p>
          )}
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button tone="primary" type="submit" form="contact" busy={save.isPending}>
            {contact === undefined ? t('contacts.createAction') : t('contacts.saveAction')}
          </Button>
        </>
      }
    >
      <form
        id="contact"
        noValidate
        onSubmit={(event) => void handleSubmit((values) => save.mutate(values))(event)}
        className="flex flex-col gap-4"
      >
        <div className="grid grid-cols-2 gap-3">
          <Field
            label={t('contacts.field.firstName')}
            error={formState.errors.firstName === undefined ? undefined : t('contacts.error.empty')}
          >
            {(field) => <Input {...field} {...register('firstName')} autoComplete="off" />}
          </Field>
          <Field label={t('contacts.field.lastName')}>
            {(field) => <Input {...field} {...register('lastName')} autoComplete="off" />}
          </Field>
        </div>
        <Values
          form={form}
          name="phones"
          label={t('contacts.field.phone')}
          add={t('contacts.addPhone')}
          error={t('contacts.error.phone')}
          type="tel"
          hint={t('contacts.phoneHint')}
        />
        <Values
          form={form}
          name="emails"
          label={t('contacts.field.email')}
          add={t('contacts.addEmail')}
          error={t('contacts.error.email')}
          type="email"
        />
        <div className="grid grid-cols-2 gap-3">
          <Controller
            control={control}
            name="assigneeId"
            render={({ field }) => (
              <Field label={t('contacts.column.assignee')}>
                {(wired) => (
                  <Select
                    control={wired}
                    value={field.value === '' ? NOBODY : field.value}
                    onChange={(value) => field.onChange(value === NOBODY ? '' : value)}
                    options={[
                      { value: NOBODY, label: t('inbox.assign.nobody') },
                      ...members.map((member) => ({ value: member.id, label: memberName(member) })),
                    ]}
                  />
                )}
              </Field>
            )}
          />
          <Controller
            control={control}
            name="stageId"
            render={({ field }) => (
              <Field label={t('contacts.field.stage')}>
                {(wired) => (
                  <Select
                    control={wired}
                    value={field.value}
                    onChange={field.onChange}
                    placeholder={t('contacts.noStage')}
                    options={(stages.data ?? []).map((stage) => ({ value: stage.id, label: stage.name }))}
                  />
                )}
              </Field>
            )}
          />
        </div>
        <Controller
          control={control}
          name="tags"
          render={({ field }) => (
            <div className="flex flex-col gap-1">
              <span className="text-12 font-medium text-ink-2">{t('contacts.column.tags')}</span>
              <ContactTags tags={field.value} onChange={(tags) => field.onChange([...tags])} />
            </div>
          )}
        />
        <Controller
          control={control}
          name="optIn"
          render={({ field }) => (
            <label className="flex items-center gap-2" htmlFor="opt-in">
              <Checkbox
                id="opt-in"
                checked={field.value}
                onCheckedChange={(checked) => field.onChange(checked === true)}
              />
              {t('contacts.optInLabel')}
            </label>
          )}
        />
      </form>
    </Dialog>
  );
}

function Values(props: {
  form: UseFormReturn<ContactForm>;
  name: 'phones' | 'emails';
  label: string;
  add: string;
  error: string;
  type: 'tel' | 'email';
  hint?: string;
}) {
  const { form, name, label, add, error, type, hint } = props;
  const { t } = useTranslation();
  const { fields, append, remove } = useFieldArray({ control: form.control, name });
  const errors = form.formState.errors[name];
  return (
    <div className="flex flex-col gap-1.5">
      {fields.map((field, index) => (
        <Field
          key={field.id}
          label={index === 0 ? label : <span className="sr-only">{label}</span>}
          error={errors?.[index] === undefined ? undefined : error}
          {...(index === 0 && hint !== undefined ? { hint } : {})}
        >
          {(wired) => (
            <div className="flex gap-1">
              <Input
                {...wired}
                {...form.register(`${name}.${index}.value`)}
                type={type}
                dir="ltr"
                autoComplete="off"
                className="rtl:text-end"
              />
              {fields.length === 1 ? null : (
                <IconButton
                  label={t('contacts.removeValue', { value: label })}
                  icon={<X />}
                  onClick={() => remove(index)}
                  tooltip={false}
                />
              )}
            </div>
          )}
        </Field>
      ))}
      <Button tone="ghost" size="sm" icon={<Plus />} className="self-start" onClick={() => append({ value: '' })}>
        {add}
      </Button>
    </div>
  );
}

function valuesOf(contact: ContactDetail): ContactForm {
  const list = (values: readonly string[]) =>
    values.length === 0 ? [{ value: '' }] : values.map((value) => ({ value }));
  return {
    firstName: contact.first_name ?? '',
    lastName: contact.last_name ?? '',
    phones: list(contact.phones),
    emails: list(contact.emails),
    tags: [...contact.tags],
    assigneeId: contact.assignee_id ?? '',
    stageId: contact.lifecycle_stage_id ?? '',
    optIn: contact.opt_in_status,
  };
}
