import { ExternalLink, Store } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { asFailure } from '#api/failure.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { Button } from '#design/Button.tsx';
import { ChannelBadge } from '#design/ChannelBadge.tsx';
import { useConnectChannel } from '../useSandboxChannels.ts';

/** The other way in: a shop's page with the chat widget, in a tab of its own. */
export function WebsiteChatCard({ widgetKey }: { widgetKey: string | null }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const connect = useConnectChannel('WEB_CHAT');
  if (widgetKey === null && !me.can('can_manage_settings')) return null;
  return (
    <section aria-labelledby="website-chat" className="shrink-0 border-t border-line px-4 py-3">
      <h2 id="website-chat" className="flex items-center gap-2 text-13 font-strong">
        <ChannelBadge type="WEB_CHAT" ring={false} />
        {t('sandbox.site.title')}
      </h2>
      <p className="mt-1 mb-2 text-12 text-ink-2 text-pretty">{t('sandbox.site.text')}</p>
      {widgetKey === null ? (
        <>
          <Button className="w-full" icon={<Store />} busy={connect.isPending} onClick={() => connect.mutate()}>
            {t('sandbox.site.connect')}
          </Button>
          {connect.error === null ? null : (
            <p role="alert" className="mt-1 text-12 text-danger-ink">
              {asFailure(connect.error).message}
            </p>
          )}
        </>
      ) : (
        <a
          href={`/sandbox/site?${new URLSearchParams({ key: widgetKey, ...(i18n.language === 'ar' ? { lang: 'ar' } : {}) }).toString()}`}
          target="connectgain-shop"
          className="flex h-8 items-center justify-center gap-1.5 rounded-control bg-surface text-13 font-medium inset-ring inset-ring-line-strong/60 hover:bg-hover touch-target"
        >
          <Store />
          {t('sandbox.site.open')}
          <ExternalLink className="icon-14 text-ink-3 mirror-rtl" />
        </a>
      )}
    </section>
  );
}
