import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { CircleAlert, CloudOff, Lock, SearchX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '#api/failure.ts';
import { Button } from '#design/Button.tsx';
import { EmptyState } from '#design/EmptyState.tsx';

/** A screen that could not be shown: what happened and the way on. Also the error boundary of every route. */
export function ScreenError({ error, reset }: Pick<ErrorComponentProps, 'error' | 'reset'>) {
  const { reset: resetQueries } = useQueryErrorResetBoundary();
  return (
    <main className="h-full bg-surface">
      <FailureState
        error={error}
        onRetry={() => {
          resetQueries();
          reset();
        }}
      />
    </main>
  );
}

/** The same inside a pane. */
export function FailureState({
  error,
  onRetry,
  className,
}: {
  error: unknown;
  onRetry: () => void;
  className?: string;
}) {
  const { t } = useTranslation();
  const failure = asFailure(error);
  if (failure.kind === 'denied') {
    return (
      <EmptyState
        reason="no-permission"
        icon={<Lock />}
        title={t('error.deniedTitle')}
        {...(className === undefined ? {} : { className })}
      >
        {t('error.deniedText')}
      </EmptyState>
    );
  }
  if (failure.kind === 'missing') {
    return (
      <EmptyState
        reason="no-data"
        icon={<SearchX />}
        title={t('error.missingTitle')}
        {...(className === undefined ? {} : { className })}
      >
        {t('error.missingText')}
      </EmptyState>
    );
  }
  const offline = failure.kind === 'offline';
  return (
    <EmptyState
      reason="error"
      icon={offline ? <CloudOff /> : <CircleAlert />}
      title={offline ? t('error.offlineTitle') : t('error.title')}
      action={
        <Button tone="primary" onClick={onRetry}>
          {t('action.retry')}
        </Button>
      }
      {...(className === undefined ? {} : { className })}
    >
      {offline ? t('error.offlineText') : t('error.text')}
      {offline ? null : <p className="mt-2 text-12 break-words text-ink-3">{failure.message}</p>}
    </EmptyState>
  );
}
