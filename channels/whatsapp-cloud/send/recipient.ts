import { invalidMessage } from '../../failure.ts';
import type { Recipient } from '../../outbound.ts';

/**
 * The address part of a send request. Phone numbers go into `to`; business-scoped user ids, for customers who hide their
 * number behind a username, into `recipient` (“Business-scoped user IDs”); group ids need `recipient_type`.
 */
export function recipientFields(to: Recipient): Record<string, string> {
  const id = to.externalId.trim();
  if (/^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+$/.test(id)) return { recipient_type: 'individual', recipient: id };
  // Digits with the usual decoration, and the suffix of other WhatsApp gateways (spec C1).
  const digits = id.replace(/@s\.whatsapp\.net$/, '').replaceAll(/[\s()+.-]/g, '');
  if (/^\d{6,15}$/.test(digits)) return { recipient_type: 'individual', to: digits };
  const phone = to.phone?.replaceAll(/\D/g, '') ?? '';
  if (/^\d{6,15}$/.test(phone)) return { recipient_type: 'individual', to: phone };
  if (/^[A-Za-z0-9_=:.-]{16,128}$/.test(id)) return { recipient_type: 'group', to: id };
  throw invalidMessage(
    'The contact has no WhatsApp number. Add a phone number in international form, such as +201001383533.',
  );
}
