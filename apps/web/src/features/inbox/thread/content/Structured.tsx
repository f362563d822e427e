import { CornerDownRight, ExternalLink, List, Mail, MapPin, Megaphone, Phone, ShoppingBag } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Avatar } from '#design/Avatar.tsx';
import { useFormat } from '#i18n/useFormat.ts';
import type { ThreadMessage } from '../../model/message.ts';
import { cardsOf, fieldsAt, interactiveOf, orderOf, placeOf, textAt } from '../../model/metadata.ts';

const cardClass =
  'flex w-64 max-w-full flex-col gap-1 rounded-control bg-surface/70 p-2.5 text-13 inset-ring inset-ring-line';

/** A place on the map: its name and address, opened in a map of the reader's choice. */
export function PlaceCard({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  const place = placeOf(message.metadata);
  if (place === null) return <Plain>{message.content ?? t('inbox.kind.location')}</Plain>;
  const at = `${String(place.latitude)},${String(place.longitude)}`;
  return (
    <a
      href={`https://www.openstreetmap.org/?mlat=${String(place.latitude)}&mlon=${String(place.longitude)}#map=16/${at.replace(',', '/')}`}
      target="_blank"
      rel="noopener noreferrer"
      className={`${cardClass} hover:bg-surface`}
    >
      <span className="flex items-center gap-2 font-medium">
        <MapPin className="text-danger-ink" />
        <bdi className="line-1">{place.name ?? t('inbox.kind.location')}</bdi>
      </span>
      {place.address === null ? null : <bdi className="text-12 text-ink-2">{place.address}</bdi>}
      <span className="flex items-center gap-1 text-12 text-ink-3 tabular icon-14" dir="ltr">
        {place.latitude.toFixed(5)}, {place.longitude.toFixed(5)}
        <ExternalLink className="ms-auto" />
      </span>
    </a>
  );
}

export function ContactCards({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  const cards = cardsOf(message.metadata);
  if (cards.length === 0) return <Plain>{message.content ?? t('inbox.kind.contacts')}</Plain>;
  return (
    <div className="flex flex-col gap-1">
      {cards.map((card, index) => (
        <div key={`${card.name}${String(index)}`} className={cardClass}>
          <div className="flex items-center gap-2">
            <Avatar id={card.phones[0] ?? card.name} name={card.name} size={28} />
            <span className="min-w-0">
              <bdi className="line-1 block font-medium">{card.name}</bdi>
              {card.organization === null ? null : (
                <bdi className="line-1 block text-12 text-ink-3">{card.organization}</bdi>
              )}
            </span>
          </div>
          {card.phones.map((phone) => (
            <a
              key={phone}
              href={`tel:${phone}`}
              className="flex items-center gap-2 text-ink-2 icon-14 hover:text-ink"
              dir="ltr"
            >
              <Phone />
              {phone}
            </a>
          ))}
          {card.emails.map((email) => (
            <a
              key={email}
              href={`mailto:${email}`}
              className="flex items-center gap-2 text-ink-2 icon-14 hover:text-ink"
              dir="ltr"
            >
              <Mail />
              <span className="line-1">{email}</span>
            </a>
          ))}
        </div>
      ))}
    </div>
  );
}

export function OrderCard({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  const format = useFormat();
  const lines = orderOf(message.metadata);
  const currency = lines[0]?.currency ?? 'USD';
  const total = lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
  return (
    <div className={cardClass}>
      <p className="flex items-center gap-2 font-medium">
        <ShoppingBag />
        {t('inbox.order.title', { count: lines.length })}
      </p>
      <table className="w-full text-12">
        <tbody>
          {lines.map((line, index) => (
            <tr key={`${line.product}${String(index)}`}>
              <td className="py-0.5 pe-2">
                <bdi>{line.product}</bdi>
              </td>
              <td className="py-0.5 pe-2 text-end text-ink-3 tabular">×{format.number(line.quantity)}</td>
              <td className="py-0.5 text-end tabular">{format.money(line.price * line.quantity, line.currency)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-line font-medium">
            <td className="pt-1" colSpan={2}>
              {t('inbox.order.total')}
            </td>
            <td className="pt-1 text-end tabular">{format.money(total, currency)}</td>
          </tr>
        </tfoot>
      </table>
      {message.content === null ? null : <Plain>{message.content}</Plain>}
    </div>
  );
}

/** Buttons, lists and links under a message of ours; the name of what was pressed on a customer's answer. */
export function InteractiveExtras({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  const interactive = interactiveOf(message.metadata);
  if (interactive === null) {
    const reply = fieldsAt(message.metadata, 'reply');
    const description = reply === null ? null : textAt(reply, 'description');
    return (
      <p className="flex items-center gap-1 text-12 text-bubble-meta icon-14">
        <CornerDownRight className="mirror-rtl" />
        {description ?? t('inbox.interactive.chosen')}
      </p>
    );
  }
  return (
    <div className="mt-1 flex flex-col gap-1">
      {interactive.footer === null ? null : <bdi className="text-12 text-bubble-meta">{interactive.footer}</bdi>}
      {interactive.buttons.map((title) => (
        <Choice key={title}>{title}</Choice>
      ))}
      {interactive.link === null ? null : (
        <a href={interactive.link.url} target="_blank" rel="noopener noreferrer nofollow">
          <Choice icon={<ExternalLink />}>{interactive.link.title}</Choice>
        </a>
      )}
      {interactive.sections.length === 0 ? null : (
        <details className="rounded-control bg-surface/70 inset-ring inset-ring-line">
          <summary className="flex h-8 list-none items-center justify-center gap-1.5 text-13 font-medium text-accent-ink icon-14">
            <List />
            {interactive.listButton ?? t('inbox.interactive.list')}
          </summary>
          {interactive.sections.map((section, index) => (
            <div key={`${section.title ?? ''}${String(index)}`} className="border-t border-line px-2.5 py-1.5">
              {section.title === null ? null : (
                <bdi className="block text-12 font-medium text-ink-3">{section.title}</bdi>
              )}
              {section.rows.map((row) => (
                <div key={row.title} className="py-0.5">
                  <bdi className="block">{row.title}</bdi>
                  {row.description === null ? null : <bdi className="block text-12 text-ink-3">{row.description}</bdi>}
                </div>
              ))}
            </div>
          ))}
        </details>
      )}
    </div>
  );
}

function Choice({ children, icon }: { children: ReactNode; icon?: ReactNode }) {
  return (
    <span className="flex min-h-8 items-center justify-center gap-1.5 rounded-control bg-surface/70 px-3 text-center text-13 font-medium text-accent-ink inset-ring inset-ring-line icon-14">
      {icon}
      <bdi>{children}</bdi>
    </span>
  );
}

/** The advertisement or link that brought the customer here. */
export function ReferralLine({ message }: { message: ThreadMessage }) {
  const { t } = useTranslation();
  const referral = fieldsAt(message.metadata, 'referral');
  if (referral === null) return null;
  const url = textAt(referral, 'url');
  const words = textAt(referral, 'headline') ?? textAt(referral, 'body') ?? url ?? t('inbox.referral.ad');
  return (
    <div className="mb-1 flex items-start gap-2 rounded-control bg-surface/60 px-2 py-1.5 text-12 text-ink-2 icon-14">
      <Megaphone className="mt-px" />
      <span className="min-w-0">
        <span className="block text-ink-3">{t('inbox.referral.from')}</span>
        {url === null ? (
          <bdi>{words}</bdi>
        ) : (
          <a href={url} target="_blank" rel="noopener noreferrer nofollow" className="underline underline-offset-2">
            <bdi>{words}</bdi>
          </a>
        )}
      </span>
    </div>
  );
}

export const Plain = ({ children }: { children: ReactNode }) => (
  <p dir="auto" className="text-14 [overflow-wrap:anywhere]">
    {children}
  </p>
);
