import { PlugZap, ServerOff, Smartphone } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiContext } from '#api/context.ts';
import { asFailure } from '#api/failure.ts';
import { FailureState } from '#app/errors/ScreenError.tsx';
import { useMe } from '#app/session/sessionContext.ts';
import { CONTEXT_COLUMN, ONE_PANE, useMediaQuery } from '#app/useMediaQuery.ts';
import { Button } from '#design/Button.tsx';
import { Drawer } from '#design/Drawer.tsx';
import { EmptyState } from '#design/EmptyState.tsx';
import { HappenedPanel } from './happened/HappenedPanel.tsx';
import { PlayingBar } from './PlayingBar.tsx';
import { NewCustomer, PeoplePane } from './people/PeoplePane.tsx';
import { usePeople, usePerson } from './people/usePeople.ts';
import { WebsiteChatCard } from './people/WebsiteChatCard.tsx';
import { Phone } from './phone/Phone.tsx';
import { type SandboxChannels, useConnectChannel, useSandboxChannels } from './useSandboxChannels.ts';
import { useSandboxLive } from './useSandboxLive.ts';
import { useSandboxLocation } from './useSandboxLocation.ts';
import { useSpeech } from './useSpeech.ts';

const NewCustomerDialog = lazy(() => import('./people/NewCustomerDialog.tsx'));

/** Playing the customer: who, their phone, and what the product makes of it. */
export function SandboxPage() {
  const { t } = useTranslation();
  const { config } = useApiContext();
  const channels = useSandboxChannels();
  const { search } = useSandboxLocation();
  const { phones = [] } = channels.data ?? {};
  const channelId = phones.find((phone) => phone.id === search.channel)?.id ?? phones[0]?.id;
  return (
    <main aria-label={t('sandbox.title')} className="flex h-full min-w-0 bg-surface">
      {config.sandbox !== true ? (
        <div className="flex-1">
          <EmptyState reason="not-connected" icon={<ServerOff />} title={t('sandbox.off.title')}>
            {t('sandbox.off.text')}
          </EmptyState>
        </div>
      ) : channels.isError ? (
        <div className="flex-1">
          <FailureState error={channels.error} onRetry={() => void channels.refetch()} />
        </div>
      ) : channels.data === undefined ? null : channelId === undefined ? (
        <NotConnected />
      ) : (
        <Sandbox key={channelId} channels={channels.data} channelId={channelId} />
      )}
    </main>
  );
}

function Sandbox({ channels, channelId }: { channels: SandboxChannels; channelId: string }) {
  const { t } = useTranslation();
  const { phone, search, open, chooseChannel } = useSandboxLocation();
  const onePane = useMediaQuery(ONE_PANE);
  const thirdColumn = useMediaQuery(CONTEXT_COLUMN);
  const people = usePeople(channelId);
  const person = usePerson(channelId, phone, search.name);
  const speech = useSpeech(channelId);
  const [creating, setCreating] = useState(false);
  const [drawerOpen, setDrawerOpen] = useState(false);
  useSandboxLive(channelId);

  // The phone of whoever wrote last lies ready; it does not change hands when somebody else writes later.
  const newest = people.data?.[0]?.phone;
  useEffect(() => {
    if (!onePane && phone === null && newest !== undefined) open(newest, { replace: true });
  }, [onePane, phone, newest, open]);

  const channel = channels.phones.find((one) => one.id === channelId);
  if (channel === undefined) return null;
  const stranger = person?.contactId === null ? person : undefined;
  const showPeople = !onePane || phone === null;
  const showPhone = !onePane || phone !== null;
  return (
    <>
      {showPeople ? (
        <div className="h-full w-full shrink-0 md:w-72">
          <PeoplePane
            channel={channel}
            channels={channels.phones}
            onChannel={chooseChannel}
            phone={phone}
            stranger={stranger}
            onNew={() => setCreating(true)}
            alone={onePane}
            footer={<WebsiteChatCard widgetKey={channels.widgetKey} />}
          />
        </div>
      ) : null}
      {showPhone ? (
        <div className="flex h-full min-w-0 flex-1 flex-col border-line bg-canvas md:border-s">
          {person === undefined ? (
            phone === null && people.data?.length === 0 ? (
              <EmptyState
                reason="choose"
                icon={<Smartphone />}
                title={t('sandbox.choose.title')}
                action={<NewCustomer onNew={() => setCreating(true)} />}
              >
                {t('sandbox.choose.text')}
              </EmptyState>
            ) : null
          ) : (
            <>
              <PlayingBar
                person={person}
                onBack={() => open(null)}
                onHappened={thirdColumn ? undefined : () => setDrawerOpen(true)}
              />
              <div className="flex min-h-0 flex-1 items-center justify-center md:p-4">
                <Phone person={person} channel={channel} speech={speech} bare={onePane} />
              </div>
            </>
          )}
        </div>
      ) : null}
      {thirdColumn ? (
        <div className="h-full w-80 shrink-0 border-s border-line">
          <HappenedPanel channel={channel} person={person} />
        </div>
      ) : (
        <Drawer open={drawerOpen} onOpenChange={setDrawerOpen} title={t('sandbox.life.title')}>
          <HappenedPanel channel={channel} person={person} onClose={() => setDrawerOpen(false)} />
        </Drawer>
      )}
      <Suspense fallback={null}>
        {creating ? (
          <NewCustomerDialog
            taken={(people.data ?? []).map((one) => one.phone)}
            onClose={() => setCreating(false)}
            onPlay={(number, name) => {
              setCreating(false);
              open(number, { name });
            }}
          />
        ) : null}
      </Suspense>
    </>
  );
}

/** A workspace that has no sandbox channel yet: one press makes it. */
function NotConnected() {
  const { t } = useTranslation();
  const me = useMe();
  const connect = useConnectChannel('WHATSAPP_CLOUD');
  if (!me.can('can_manage_settings')) {
    return (
      <EmptyState reason="no-permission" icon={<PlugZap />} title={t('sandbox.connect.title')} className="flex-1">
        {t('sandbox.connect.denied')}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      reason="not-connected"
      icon={<PlugZap />}
      title={t('sandbox.connect.title')}
      className="flex-1"
      action={
        <Button tone="primary" busy={connect.isPending} onClick={() => connect.mutate()}>
          {t('sandbox.connect.action')}
        </Button>
      }
    >
      {t('sandbox.connect.text')}
      {connect.error === null ? null : (
        <p role="alert" className="mt-2 text-danger-ink">
          {asFailure(connect.error).message}
        </p>
      )}
    </EmptyState>
  );
}
