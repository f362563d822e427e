import { malformedPayload } from './failure.ts';
import { storableJson } from './readJson.ts';

/**
 * The JSON of a webhook body, made storable (see `storableJson`).
 * @throws ChannelError `malformed_payload` when the bytes are not UTF-8 or not JSON
 */
export function readWebhookBody(rawBody: Uint8Array): unknown {
  try {
    return storableJson(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(rawBody)));
  } catch (error) {
    throw malformedPayload('The webhook body is not JSON.', error);
  }
}
