import './phone.css';
import { BadgeCheck, BatteryMedium, Signal, Wifi } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNow } from '#app/clock/useNow.ts';
import { useMe } from '#app/session/sessionContext.ts';
import { Avatar } from '#design/Avatar.tsx';
import { cx } from '#design/cx.ts';
import { useFormat } from '#i18n/useFormat.ts';
import type { Person } from '../people/person.ts';
import type { PhoneChannel } from '../useSandboxChannels.ts';
import type { Speech } from '../useSpeech.ts';
import { ChatScreen } from './ChatScreen.tsx';

/** A customer's phone with the chat app open at the business. `bare` leaves out the device: the screen is one already. */
export function Phone(props: { person: Person; channel: PhoneChannel; speech: Speech; bare: boolean }) {
  const { person, channel, speech, bare } = props;
  const { t } = useTranslation();
  const { organization } = useMe();
  return (
    <section
      aria-label={t('sandbox.phone.label', { name: person.name })}
      className={cx('phone', bare ? 'size-full' : 'phone-case')}
      data-testid="phone"
    >
      <div className="phone-screen">
        {bare ? null : <StatusBar />}
        <div className="phone-bar flex shrink-0 items-center gap-2.5 border-b border-(--phone-line) px-4 pt-1.5 pb-2">
          <Avatar id={channel.id} name={organization.name} src={organization.logoUrl} size={36} />
          <div className="min-w-0">
            <p className="flex items-center gap-1 text-14 font-strong">
              <bdi className="line-1">{organization.name}</bdi>
              <BadgeCheck className="icon-14 text-(--phone-read)" aria-label={t('sandbox.phone.verified')} />
            </p>
            <p className="line-1 text-12 phone-meta">
              {t('sandbox.phone.businessAccount')}
              {channel.number === null ? null : (
                <>
                  {' · '}
                  <bdi className="tabular" dir="ltr">
                    {channel.number}
                  </bdi>
                </>
              )}
            </p>
          </div>
        </div>
        <ChatScreen
          key={person.phone}
          person={person}
          channelId={channel.id}
          business={organization.name}
          speech={speech}
        />
      </div>
    </section>
  );
}

/** The clock and the little pictures at the top of every phone. */
function StatusBar() {
  const now = useNow();
  const format = useFormat();
  return (
    <div
      aria-hidden="true"
      className="phone-bar flex h-9 shrink-0 items-center justify-between px-6 pt-1 text-13 font-strong tabular icon-14"
    >
      <span>{format.time(now.toISOString())}</span>
      <span className="flex items-center gap-1">
        <Signal />
        <Wifi />
        <BatteryMedium className="size-4!" />
      </span>
    </div>
  );
}
