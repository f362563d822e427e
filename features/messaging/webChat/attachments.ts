import { randomUUID } from 'node:crypto';
import { webChatCapabilities } from '@connectgain/channels/web-chat/capabilities.ts';
import { attachmentKinds, type WidgetAttachment, widgetErrorCodes } from '@connectgain/channels/web-chat/protocol.ts';
import { ApiError, type FastifyRequest } from '@connectgain/http';
import type { ObjectStore } from '@connectgain/storage';
import { fileTypeFromBuffer } from 'file-type';
import type { Visitor } from './visitor.ts';
import type { SignFile } from './widgetMessages.ts';

export interface StoreAttachment {
  request: FastifyRequest;
  visitor: Visitor;
  files: ObjectStore;
  fileName: string;
  sign: SignFile;
}

/** A file that a visitor sends: stored in the organization's folder, its type taken from its bytes, never only from its name. */
export async function storeAttachment(o: StoreAttachment): Promise<WidgetAttachment> {
  const body = o.request.body;
  if (!Buffer.isBuffer(body) || body.length === 0) {
    throw new ApiError({
      status: 400,
      code: widgetErrorCodes.invalidMessage,
      message: 'Send the file itself as the body.',
    });
  }
  const found = await fileTypeFromBuffer(body);
  const declared = (o.request.headers['content-type'] ?? '').split(';', 1)[0]?.trim() ?? '';
  const mime = found?.mime ?? (/^text\/(plain|csv)$/.test(declared) ? declared : 'application/octet-stream');
  const kind = attachmentKinds.find((candidate) => mime.startsWith(`${candidate}/`)) ?? 'document';
  const limits = webChatCapabilities.media[kind];
  if (!limits?.mimeTypes.some((pattern) => accepts(pattern, mime))) {
    throw new ApiError({
      status: 415,
      code: widgetErrorCodes.attachmentType,
      message: `Files of type ${mime} cannot be sent here.`,
    });
  }
  if (body.length > limits.maxBytes) {
    const megabytes = Math.floor(limits.maxBytes / 1024 / 1024);
    throw new ApiError({
      status: 413,
      code: widgetErrorCodes.attachmentTooLarge,
      message: `The file is larger than ${megabytes} MB.`,
    });
  }
  const id = `${o.visitor.id}/${randomUUID()}`;
  const path = `${o.visitor.account.organizationId}/web-chat/${id}`;
  await o.files.put('media', path, body, { contentType: mime, metadata: { file_name: o.fileName } });
  return { id, kind, url: await o.sign(path), mime_type: mime, file_name: o.fileName, size: body.length };
}

function accepts(pattern: string, mime: string): boolean {
  return pattern === '*' || pattern === mime || (pattern.endsWith('/*') && mime.startsWith(pattern.slice(0, -1)));
}
