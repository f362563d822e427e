import { zodResolver } from '@hookform/resolvers/zod';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { MailCheck } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useApi } from '#api/context.ts';
import { useLanguage } from '#app/preferences/usePreferences.ts';
import { Button } from '#design/Button.tsx';
import { EmptyState } from '#design/EmptyState.tsx';
import { Field } from '#design/Field.tsx';
import { Input } from '#design/Input.tsx';
import { AuthLayout, linkClass } from './AuthLayout.tsx';
import { authReason } from './authReason.ts';
import { PasswordInput } from './PasswordInput.tsx';
import { type Account, account, SHORTEST_PASSWORD } from './schemas.ts';

/** A new account with its own workspace, of which it is the owner. */
export function SignUpPage() {
  const { t } = useTranslation();
  const api = useApi();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/guest/signup' });
  const [language] = useLanguage();
  const [failure, setFailure] = useState<string | null>(null);
  const [mailedTo, setMailedTo] = useState<string | null>(null);
  const { register, handleSubmit, formState } = useForm<Account>({
    resolver: zodResolver(account),
    defaultValues: { firstName: '', lastName: '', organization: '', email: '', password: '' },
  });
  const { errors } = formState;
  const big = 'h-10 text-14';

  const signUp = async (given: Account) => {
    setFailure(null);
    const { data, error } = await api.auth.signUp({
      email: given.email,
      password: given.password,
      options: {
        data: {
          first_name: given.firstName,
          last_name: given.lastName,
          organization_name: given.organization,
          language,
          timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
      },
    });
    if (error !== null) {
      setFailure(authReason(error, t));
      return;
    }
    if (data.session === null) {
      setMailedTo(given.email);
      return;
    }
    await navigate({ to: next ?? '/inbox/{-$conversationId}' });
  };

  if (mailedTo !== null) {
    return (
      <div className="h-full bg-surface">
        <EmptyState reason="choose" icon={<MailCheck />} title={t('auth.signUp.mailTitle')}>
          {t('auth.signUp.mailText', { email: mailedTo })}
        </EmptyState>
      </div>
    );
  }
  return (
    <AuthLayout
      title={t('auth.signUp.title')}
      lead={t('auth.signUp.lead')}
      footer={
        <>
          {t('auth.signUp.known')}{' '}
          <Link to="/login" search={{ next }} className={linkClass}>
            {t('auth.signUp.toLogin')}
          </Link>
        </>
      }
    >
      <form noValidate onSubmit={(event) => void handleSubmit(signUp)(event)} className="flex flex-col gap-4">
        <div className="grid grid-cols-2 gap-3">
          <Field
            label={t('auth.firstName')}
            error={errors.firstName === undefined ? undefined : t('auth.error.firstName')}
          >
            {(control) => <Input {...control} {...register('firstName')} autoComplete="given-name" className={big} />}
          </Field>
          <Field label={t('auth.lastName')}>
            {(control) => <Input {...control} {...register('lastName')} autoComplete="family-name" className={big} />}
          </Field>
        </div>
        <Field
          label={t('auth.organization')}
          hint={t('auth.organizationHint')}
          error={errors.organization === undefined ? undefined : t('auth.error.organization')}
        >
          {(control) => (
            <Input {...control} {...register('organization')} autoComplete="organization" className={big} />
          )}
        </Field>
        <Field label={t('auth.workEmail')} error={errors.email === undefined ? undefined : t('auth.error.email')}>
          {(control) => (
            <Input
              {...control}
              {...register('email')}
              type="email"
              autoComplete="username"
              inputMode="email"
              dir="ltr"
              className={`${big} rtl:text-end`}
            />
          )}
        </Field>
        <Field
          label={t('auth.password')}
          hint={t('auth.passwordHint', { count: SHORTEST_PASSWORD })}
          error={
            errors.password === undefined ? undefined : t('auth.error.passwordShort', { count: SHORTEST_PASSWORD })
          }
        >
          {(control) => <PasswordInput {...control} {...register('password')} autoComplete="new-password" />}
        </Field>
        {failure === null ? null : (
          <p
            role="alert"
            className="rounded-control bg-danger-soft px-3 py-2 text-13 text-danger-ink inset-ring inset-ring-danger-line"
          >
            {failure}
          </p>
        )}
        <Button type="submit" tone="primary" size="lg" busy={formState.isSubmitting}>
          {t('auth.signUp.action')}
        </Button>
      </form>
    </AuthLayout>
  );
}
