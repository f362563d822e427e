import type { CallOptions } from '../../contract.ts';
import { ChannelError } from '../../failure.ts';
import type { OutboundMedia, OutboundMessage, SendResult } from '../../outbound.ts';
import { refuseProblems } from '../../preflight.ts';
import { asList, asObject, asText } from '../../readJson.ts';
import type { Transport } from '../../transport.ts';
import type { WhatsappCloudAccount } from '../account.ts';
import { whatsappCloudCapabilities } from '../capabilities.ts';
import { graphRequest } from '../graphRequest.ts';
import { uploadMedia } from '../media.ts';
import { requestBody } from './requestBody.ts';

/**
 * Sends one message. `accepted` means queued at Meta: whether it arrives is told by receipts only (spec D3).
 * @throws ChannelError
 */
export async function sendMessage(
  account: WhatsappCloudAccount,
  message: OutboundMessage,
  transport: Transport,
  options: CallOptions = {},
): Promise<SendResult> {
  refuseProblems(whatsappCloudCapabilities, message.content);
  const place = async (media: OutboundMedia) =>
    media.source.type === 'url' ? { link: media.source.url } : await uploadMedia(account, media, transport, options);
  const json = await requestBody(message, place);
  const call = { method: 'POST' as const, path: `${account.phoneNumberId}/messages`, json };
  const answer = await graphRequest(account, call, transport, options);
  const sent = asObject(asList(answer.messages)[0]);
  const externalId = asText(sent.id);
  if (externalId === undefined) {
    throw new ChannelError({
      kind: 'transient',
      reason: 'unreadable_answer',
      code: 'no_message_id',
      words: 'Meta answered without an id for the message, so its receipts could not be followed. It is tried again.',
      mayHaveArrived: true,
    });
  }
  const contact = asObject(asList(answer.contacts)[0]);
  const recipientExternalId = asText(contact.wa_id) ?? asText(contact.user_id);
  return {
    externalId,
    partIds: [],
    state: asText(sent.message_status) === 'held_for_quality_assessment' ? 'held' : 'accepted',
    ...(recipientExternalId === undefined ? {} : { recipientExternalId }),
  };
}
