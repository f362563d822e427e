import { zodResolver } from '@hookform/resolvers/zod';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Sparkles } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useApiContext } from '#api/context.ts';
import { Button } from '#design/Button.tsx';
import { Field } from '#design/Field.tsx';
import { Input } from '#design/Input.tsx';
import { AuthLayout, linkClass } from './AuthLayout.tsx';
import { authReason } from './authReason.ts';
import { PasswordInput } from './PasswordInput.tsx';
import { credentials } from './schemas.ts';

export function LoginPage() {
  const { t } = useTranslation();
  const { api, config } = useApiContext();
  const navigate = useNavigate();
  const { next } = useSearch({ from: '/guest/login' });
  const [failure, setFailure] = useState<string | null>(null);
  const [entering, setEntering] = useState(false);
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(credentials),
    defaultValues: { email: '', password: '' },
  });

  const signIn = async ({ email, password }: { email: string; password: string }) => {
    setFailure(null);
    const { error } = await api.auth.signInWithPassword({ email, password });
    if (error !== null) {
      setFailure(authReason(error, t));
      return;
    }
    await navigate({ to: next ?? '/inbox/{-$conversationId}' });
  };
  const enterDemo = async (demo: { email: string; password: string }) => {
    setEntering(true);
    await signIn(demo);
    setEntering(false);
  };

  return (
    <AuthLayout
      title={t('auth.login.title')}
      lead={t('auth.login.lead')}
      footer={
        <>
          {t('auth.login.new')}{' '}
          <Link to="/signup" search={{ next }} className={linkClass}>
            {t('auth.login.toSignUp')}
          </Link>
        </>
      }
    >
      <form noValidate onSubmit={(event) => void handleSubmit(signIn)(event)} className="flex flex-col gap-4">
        <Field label={t('auth.email')} error={formState.errors.email === undefined ? undefined : t('auth.error.email')}>
          {(control) => (
            <Input
              {...control}
              {...register('email')}
              type="email"
              autoComplete="username"
              inputMode="email"
              dir="ltr"
              className="h-10 text-14 rtl:text-end"
            />
          )}
        </Field>
        <Field
          label={t('auth.password')}
          error={formState.errors.password === undefined ? undefined : t('auth.error.passwordMissing')}
        >
          {(control) => <PasswordInput {...control} {...register('password')} autoComplete="current-password" />}
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
          {t('auth.login.action')}
        </Button>
      </form>
      {config.demo === null || config.demo === undefined ? null : (
        <DemoEntry busy={entering} onEnter={() => (config.demo === null ? undefined : void enterDemo(config.demo))} />
      )}
    </AuthLayout>
  );
}

function DemoEntry({ busy, onEnter }: { busy: boolean; onEnter: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="mt-6 border-t border-line pt-5">
      <Button size="lg" className="w-full" icon={<Sparkles />} busy={busy} onClick={onEnter} data-testid="enter-demo">
        {t('auth.demo.action')}
      </Button>
      <p className="mt-2 text-center text-12 text-ink-3 text-balance">{t('auth.demo.hint')}</p>
    </div>
  );
}
