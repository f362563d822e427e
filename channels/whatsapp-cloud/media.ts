import type { CallOptions, FetchedMedia } from '../contract.ts';
import { ChannelError, invalidMessage } from '../failure.ts';
import type { InboundMedia } from '../inbound.ts';
import { multipart } from '../multipart.ts';
import type { OutboundMedia } from '../outbound.ts';
import { asNumber, asText } from '../readJson.ts';
import type { Transport, TransportResponse } from '../transport.ts';
import type { WhatsappCloudAccount } from './account.ts';
import { classifyAnswer } from './classify.ts';
import { graphRequest, unanswered } from './graphRequest.ts';
import { graphVersion } from './graphVersion.ts';

/** Nothing that WhatsApp delivers is larger (“Media”, post-processing sizes). */
export const MAX_INBOUND_MEDIA_BYTES = 100 * 1024 * 1024;

interface MediaAddress {
  url: string;
  mimeType: string;
  sha256: string | undefined;
  sizeBytes: number | undefined;
}

/** Step one: `GET /{media_id}` gives an address that lives five minutes. */
async function lookUp(
  account: WhatsappCloudAccount,
  mediaId: string,
  transport: Transport,
  options: CallOptions,
): Promise<MediaAddress> {
  const query = { phone_number_id: account.phoneNumberId };
  const answer = await graphRequest(account, { method: 'GET', path: mediaId, query }, transport, options).catch(
    (error: unknown) => {
      // For a number or an account this code is a missing grant; a file is simply gone after its days at Meta.
      throw error instanceof ChannelError && error.failure.reason === 'object_missing'
        ? gone(error.failure.code)
        : error;
    },
  );
  const url = asText(answer.url);
  if (url === undefined) {
    throw new ChannelError({
      kind: 'transient',
      reason: 'unreadable_answer',
      code: 'no_media_url',
      words: 'Meta gave no address for the file. It is tried again.',
    });
  }
  return {
    url,
    mimeType: asText(answer.mime_type) ?? 'application/octet-stream',
    sha256: asText(answer.sha256),
    sizeBytes: asNumber(answer.file_size),
  };
}

/** Hosts that Meta serves media from. */
const metaHosts = /(^|\.)(fbsbx\.com|fbcdn\.net|facebook\.com|whatsapp\.net|whatsapp\.com)$/;

/** The access token goes along with the download, so the address must be Meta's own (or of the configured base URL). */
function assertTrusted(url: string, account: WhatsappCloudAccount): void {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const own = new URL(account.baseUrl);
  const trusted =
    target !== undefined &&
    ((target.protocol === 'https:' && metaHosts.test(target.hostname)) || target.origin === own.origin);
  if (trusted) return;
  throw new ChannelError({
    kind: 'permanent',
    reason: 'media_rejected',
    code: 'foreign_media_host',
    words: 'The file’s address is not one of Meta’s, so it was not fetched: the access token must not go elsewhere.',
  });
}

function tooLarge(bytes: number, limit: number): ChannelError {
  const megabytes = (value: number) => Math.round(value / 1024 / 1024);
  return new ChannelError({
    kind: 'permanent',
    reason: 'media_too_large',
    code: 'media_too_large',
    words: `The file has ${megabytes(bytes)} MB, more than the ${megabytes(limit)} MB that are taken over.`,
  });
}

async function download(
  account: WhatsappCloudAccount,
  url: string,
  transport: Transport,
  options: CallOptions,
  maxBytes: number,
): Promise<TransportResponse> {
  const headers = {
    authorization: `Bearer ${account.accessToken}`,
    // Meta's file servers refuse requests without a user agent.
    'user-agent': 'ConnectGain/1.0',
  };
  const request = { method: 'GET' as const, headers, ...(options.signal ? { signal: options.signal } : {}) };
  try {
    return await transport(url, request, { maxBytes });
  } catch (error) {
    throw unanswered(error, false);
  }
}

const expired = new Set([401, 403, 404, 410]);

/**
 * Downloads a customer's file in Meta's two steps. An address that has expired in between is asked for once more.
 * @throws ChannelError `media_missing` when Meta no longer has it, `media_too_large` beyond `maxBytes`
 */
export async function fetchMedia(
  account: WhatsappCloudAccount,
  media: Pick<InboundMedia, 'providerMediaId' | 'url'>,
  transport: Transport,
  options: CallOptions & { maxBytes?: number } = {},
): Promise<FetchedMedia> {
  const mediaId = media.providerMediaId;
  if (mediaId === undefined || !/^[\w-]{1,128}$/.test(mediaId)) {
    throw invalidMessage('The file has no id of Meta to fetch it by.');
  }
  const maxBytes = options.maxBytes ?? MAX_INBOUND_MEDIA_BYTES;
  let address = await lookUp(account, mediaId, transport, options);
  let response: TransportResponse | undefined;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    if (address.sizeBytes !== undefined && address.sizeBytes > maxBytes) throw tooLarge(address.sizeBytes, maxBytes);
    assertTrusted(address.url, account);
    response = await download(account, address.url, transport, options, maxBytes);
    if (!expired.has(response.status) || attempt === 1) break;
    address = await lookUp(account, mediaId, transport, options);
  }
  if (response === undefined || response.status < 200 || response.status > 299) throw downloadFailure(response);
  const declared = asNumber(response.headers.get('content-length') ?? undefined);
  if (declared !== undefined && declared > maxBytes) throw tooLarge(declared, maxBytes);
  const bytes = new Uint8Array(await readBytes(response));
  if (bytes.byteLength > maxBytes) throw tooLarge(bytes.byteLength, maxBytes);
  if (address.sizeBytes !== undefined && bytes.byteLength < address.sizeBytes) {
    throw unanswered(new Error('the download ended early'), false);
  }
  return { bytes, mimeType: address.mimeType, ...(address.sha256 === undefined ? {} : { sha256: address.sha256 }) };
}

async function readBytes(response: TransportResponse): Promise<ArrayBuffer> {
  try {
    return await response.arrayBuffer();
  } catch (error) {
    throw unanswered(error, false);
  }
}

function downloadFailure(response: TransportResponse | undefined): ChannelError {
  const status = response?.status ?? 0;
  if (response !== undefined && expired.has(status)) return gone(`http_${status}`);
  const { mayHaveArrived: _, ...failure } = classifyAnswer(status, undefined, response?.headers ?? { get: () => null });
  return new ChannelError(failure);
}

function gone(code: string): ChannelError {
  const words = 'Meta no longer has this file. Ask the customer to send it again.';
  return new ChannelError({ kind: 'permanent', reason: 'media_missing', code, words });
}

/** Uploads a file (`POST /{phone_number_id}/media`); Meta keeps it for 30 days under the id. */
export async function uploadMedia(
  account: WhatsappCloudAccount,
  media: OutboundMedia,
  transport: Transport,
  options: CallOptions = {},
): Promise<{ id: string }> {
  if (media.source.type === 'id') return { id: media.source.id };
  if (media.source.type === 'url')
    throw invalidMessage('Only a file’s bytes can be uploaded; an address is sent as it is.');
  if (media.mimeType === undefined)
    throw invalidMessage('The file has no type. Say what it is, for instance image/jpeg.');
  const file = {
    field: 'file',
    fileName: media.fileName ?? media.kind,
    mimeType: media.mimeType,
    bytes: media.source.bytes,
  };
  const form = multipart({ messaging_product: 'whatsapp', type: media.mimeType }, file);
  const body = { contentType: form.contentType, bytes: form.body };
  const answer = await graphRequest(
    account,
    { method: 'POST', path: `${account.phoneNumberId}/media`, body, repeatable: true },
    transport,
    options,
  );
  const id = asText(answer.id);
  if (id !== undefined) return { id };
  throw new ChannelError({
    kind: 'transient',
    reason: 'unreadable_answer',
    code: 'no_media_id',
    words: `Meta (${graphVersion.version}) took the file but gave no id for it. It is tried again.`,
  });
}
