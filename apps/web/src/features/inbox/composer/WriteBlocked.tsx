import { Clock, FileText, Lock, Unplug } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '#design/Button.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import { channelName } from '../model/channelName.ts';
import { type ConversationItem, channelOf, contactName } from '../model/conversation.ts';
import type { Outgoing } from './useSendMessage.ts';

const TemplateDialog = lazy(() => import('./TemplateDialog.tsx'));

/** Why no reply can be written now, and what can be done instead. Notes are always possible. */
export function WriteBlocked(props: {
  reason: 'permission' | 'channel' | 'window';
  conversation: ConversationItem;
  shutAt: string | null;
  templates: boolean;
  templateOpen: boolean;
  onTemplateOpen: (open: boolean) => void;
  onSend: (outgoing: Outgoing) => void;
}) {
  const { reason, conversation, shutAt, templates, templateOpen, onTemplateOpen, onSend } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const channel = channelName(channelOf(conversation), t);
  const name = contactName(conversation.contact, t);

  if (reason === 'permission') {
    return (
      <Notice icon={<Lock />} title={t('inbox.blocked.permissionTitle')}>
        {t('inbox.blocked.permissionText')}
      </Notice>
    );
  }
  if (reason === 'channel') {
    return (
      <Notice icon={<Unplug />} title={t('inbox.blocked.channelTitle')}>
        {t('inbox.blocked.channelText')}
      </Notice>
    );
  }
  return (
    <Notice
      icon={<Clock />}
      title={
        shutAt === null
          ? t('inbox.blocked.neverTitle', { name })
          : t('inbox.blocked.windowTitle', { time: format.exact(shutAt) })
      }
      action={
        templates ? (
          <Button tone="primary" icon={<FileText />} onClick={() => onTemplateOpen(true)}>
            {t('inbox.blocked.sendTemplate')}
          </Button>
        ) : null
      }
    >
      {templates
        ? t('inbox.blocked.windowText', { channel, name })
        : t('inbox.blocked.windowTextNoTemplates', { channel, name })}
      {templateOpen ? (
        <Suspense fallback={null}>
          <TemplateDialog conversation={conversation} onClose={() => onTemplateOpen(false)} onSend={onSend} />
        </Suspense>
      ) : null}
    </Notice>
  );
}

function Notice({
  icon,
  title,
  action,
  children,
}: {
  icon: ReactNode;
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div role="status" data-testid="write-blocked" className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-3">
      <div className="flex min-w-0 flex-1 basis-64 gap-2.5">
        <span className="mt-0.5 text-warning-ink">{icon}</span>
        <div className="min-w-0 text-13">
          <p className="font-medium">{title}</p>
          <div className="text-ink-2">{children}</div>
        </div>
      </div>
      {action}
    </div>
  );
}
