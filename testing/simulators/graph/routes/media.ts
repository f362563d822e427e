import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authenticate, numberFor } from '../access.ts';
import { type Core, MEDIA_URL_MS } from '../core.ts';
import { GraphError, missingObject, missingParameter } from '../graphError.ts';
import { graphId } from '../ids.ts';
import { type JsonObject, objectIn, textIn } from '../json.ts';
import type { AccessToken, StoredMedia } from '../model.ts';
import { requireOneOf } from '../validate/check.ts';
import { bareType, mediaTypes } from '../validate/media.ts';

type IdParams = { Params: { id: string } };

const downloadPath = '/whatsapp_business/attachments/';

async function readForm(request: FastifyRequest): Promise<FormData> {
  const contentType = request.headers['content-type'] ?? '';
  const body = request.body;
  if (!contentType.startsWith('multipart/form-data') || !(body instanceof Uint8Array)) throw missingParameter('file');
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw missingParameter('file');
  }
}

async function upload(request: FastifyRequest, wabaId: string): Promise<StoredMedia> {
  const form = await readForm(request);
  requireOneOf(form.get('messaging_product') ?? undefined, 'messaging_product', ['whatsapp']);
  const file = form.get('file');
  if (file === null || typeof file === 'string') throw missingParameter('file');
  const declared = form.get('type');
  const mimeType = file.type !== '' ? file.type : typeof declared === 'string' ? declared : '';
  const rule = mediaTypes.find((each) => each.types.includes(bareType(mimeType)));
  if (rule === undefined) {
    const allowed = mediaTypes.flatMap((each) => each.types).join(', ');
    const message = `(#100) Param file must be a file with one of the following types: ${allowed}. Received file of type '${mimeType}'.`;
    throw new GraphError(100, { message });
  }
  if (file.size > rule.maxBytes) {
    throw new GraphError(131053, {
      details: `Media file size too big. Max file size we currently support: ${rule.maxBytes} bytes`,
    });
  }
  return { id: graphId(), wabaId, mimeType, fileName: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}

function hashFor(core: Core, id: string, expires: number): string {
  return createHmac('sha256', core.world.app.secret).update(`${id}.${expires}`).digest('base64url');
}

/** The media object of `GET /{media_id}`, with an address that lives five minutes. */
export function describeMedia(core: Core, request: FastifyRequest, media: StoredMedia): JsonObject {
  const expires = Math.floor((core.clock.now() + MEDIA_URL_MS) / 1000);
  const query = new URLSearchParams({ mid: media.id, ext: String(expires), hash: hashFor(core, media.id, expires) });
  return {
    messaging_product: 'whatsapp',
    url: `${request.protocol}://${request.host}${downloadPath}?${query}`,
    mime_type: media.mimeType,
    sha256: createHash('sha256').update(media.bytes).digest('hex'),
    file_size: media.bytes.byteLength,
    id: media.id,
  };
}

export function mediaFor(core: Core, token: AccessToken, id: string): StoredMedia | undefined {
  const media = core.world.media.get(id);
  return media !== undefined && token.wabaIds.has(media.wabaId) ? media : undefined;
}

/** `POST /{phone_number_id}/media`, `DELETE /{media_id}`. */
export function mediaRoutes(app: FastifyInstance, core: Core): void {
  app.post<IdParams>('/:id/media', async (request, reply) => {
    if (core.faults.strike('media', request, reply)) return reply;
    const token = authenticate(request, core.world);
    const number = numberFor(token, request.params.id, 'POST', core.world);
    const media = await upload(request, number.wabaId);
    core.world.media.set(media.id, media);
    return { id: media.id };
  });

  app.delete<IdParams>('/:id', async (request, reply) => {
    if (core.faults.strike('media', request, reply)) return reply;
    const token = authenticate(request, core.world);
    const media = mediaFor(core, token, request.params.id);
    if (media === undefined) throw missingObject('DELETE', request.params.id);
    core.world.media.delete(media.id);
    return { success: true };
  });
}

function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The file server behind the addresses; needs the token too, and forgets addresses after their time. */
export function downloadRoute(app: FastifyInstance, core: Core): void {
  app.get(downloadPath, async (request, reply) => {
    if (core.faults.strike('download', request, reply)) return reply;
    const token = authenticate(request, core.world);
    const query = objectIn(request.query);
    const id = textIn(query.mid) ?? '';
    const expires = Number(textIn(query.ext));
    const genuine = sameText(textIn(query.hash) ?? '', hashFor(core, id, expires));
    const media = mediaFor(core, token, id);
    if (!genuine || media === undefined || core.clock.now() / 1000 > expires) {
      return reply.code(404).type('text/plain').send('URL signature expired');
    }
    return reply.code(200).type(media.mimeType).send(Buffer.from(media.bytes));
  });
}
