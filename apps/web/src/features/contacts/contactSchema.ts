import { z } from 'zod';
import { normalizeEmail, normalizePhone } from './contactFields.ts';

// Our content security policy forbids code made at run time; zod must not try it.
z.config({ jitless: true });

/** The form's values. Lists hold objects because the form library keys rows by them. */
export const contactForm = z
  .object({
    firstName: z.string().trim().max(100),
    lastName: z.string().trim().max(100),
    phones: z.array(
      z.object({ value: z.string().refine((value) => value.trim() === '' || normalizePhone(value) !== null, 'phone') }),
    ),
    emails: z.array(
      z.object({ value: z.string().refine((value) => value.trim() === '' || normalizeEmail(value) !== null, 'email') }),
    ),
    tags: z.array(z.string()),
    assigneeId: z.string(),
    stageId: z.string(),
    optIn: z.boolean(),
  })
  .refine(
    (contact) =>
      contact.firstName !== '' ||
      contact.lastName !== '' ||
      [...contact.phones, ...contact.emails].some((one) => one.value.trim() !== ''),
    { path: ['firstName'], message: 'empty' },
  );

export type ContactForm = z.infer<typeof contactForm>;

export const emptyContact: ContactForm = {
  firstName: '',
  lastName: '',
  phones: [{ value: '' }],
  emails: [{ value: '' }],
  tags: [],
  assigneeId: '',
  stageId: '',
  optIn: true,
};

/** As the database takes it; empty lines are left out. */
export function contactChanges(form: ContactForm) {
  return {
    first_name: form.firstName === '' ? null : form.firstName,
    last_name: form.lastName === '' ? null : form.lastName,
    phones: form.phones.flatMap((one) => normalizePhone(one.value) ?? []),
    emails: form.emails.flatMap((one) => normalizeEmail(one.value) ?? []),
    tags: form.tags,
    assignee_id: form.assigneeId === '' ? null : form.assigneeId,
    ...(form.stageId === '' ? {} : { lifecycle_stage_id: form.stageId }),
    opt_in_status: form.optIn,
  };
}
