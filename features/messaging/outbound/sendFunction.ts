import { ApiError, badRequest, type FastifyInstance, notFound, parse } from '@connectgain/http';
import { transactionAs } from '@connectgain/postgres';
import type { PoolClient } from 'pg';
import { z } from 'zod';
import { type MemberOptions, requireMember } from '../../access/member.ts';

/** Both documented spellings of a send body (camelCase and snake_case) as one shape. */
const body = z
  .object({
    to: z.string().optional(),
    phone_number: z.string().optional(),
    message: z.string().max(4096).optional(),
    conversationId: z.uuid().optional(),
    conversation_id: z.uuid().optional(),
    contact_id: z.uuid().optional(),
    contactName: z.string().max(200).optional(),
    phoneNumberId: z.string().optional(),
    from: z.string().max(200).optional(),
    media_url: z.url({ protocol: /^https$/ }).optional(),
    media_type: z.enum(['image', 'video', 'audio', 'document', 'sticker']).optional(),
    template: z
      .object({
        name: z.string().min(1),
        language: z.string().default('en'),
        variables: z.array(z.string()).default([]),
      })
      .optional(),
  })
  .transform((given) => ({
    to: given.to ?? given.phone_number,
    text: given.message?.trim() ? given.message : undefined,
    conversationId: given.conversationId ?? given.conversation_id,
    contactId: given.contact_id,
    contactName: given.contactName,
    routingKey: given.phoneNumberId,
    senderName: given.from,
    media: given.media_url === undefined ? undefined : { url: given.media_url, kind: given.media_type ?? 'image' },
    template: given.template,
  }));

type SendRequest = z.output<typeof body>;

export interface SendFunctionOptions extends MemberOptions {
  /** Path below `/functions/v1`, such as `/whatsapp-cloud-send`. */
  path: string;
  channelType: string;
}

/**
 * `POST /functions/v1/<channel>-send` (spec/api.md 8.2): writes a PENDING message like the composer does, under the caller's
 * own rights. The provider's answer arrives on the message; the id to follow is in the answer.
 */
export function sendFunction(o: SendFunctionOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    app.post(o.path, async (request) => {
      const member = await requireMember(request, o);
      if (!member.can('can_send_messages')) {
        throw new ApiError({ status: 403, code: 'INSUFFICIENT_PERMISSIONS', message: 'You may not send messages.' });
      }
      const given = parse(body, request.body, { status: 400 });
      if (given.text === undefined && !given.media && !given.template) throw badRequest('message is required');
      if (!given.conversationId && given.to === undefined && !given.contactId) throw badRequest('to is required');
      const sent = await transactionAs(o.requests, member.principal, (tx) => write(tx, o.channelType, given));
      return {
        success: true,
        result: { messageId: sent.messageId, id: sent.messageId },
        conversationId: sent.conversationId,
        contactId: sent.contactId,
      };
    });
  };
}

async function write(tx: PoolClient, channelType: string, given: SendRequest) {
  const conversation = given.conversationId
    ? await existing(tx, given.conversationId)
    : await opened(tx, channelType, given);
  const metadata = {
    ...(given.senderName === undefined ? {} : { sender_name: given.senderName }),
    ...(given.template ? { template: given.template } : {}),
  };
  const { rows } = await tx.query<{ id: string }>(
    `select (public.send_message($1, $2, $3, p_attachments => $4, p_metadata => $5)).id`,
    [
      conversation.id,
      given.text ?? null,
      given.template ? 'template' : (given.media?.kind ?? 'text'),
      JSON.stringify(given.media ? [{ source_url: given.media.url, kind: given.media.kind }] : []),
      metadata,
    ],
  );
  return { messageId: rows[0]?.id, conversationId: conversation.id, contactId: conversation.contact_id };
}

interface Conversation {
  id: string;
  contact_id: string;
}

async function existing(tx: PoolClient, id: string): Promise<Conversation> {
  const { rows } = await tx.query<Conversation>('select id, contact_id from public.conversations where id = $1', [id]);
  if (!rows[0]) throw notFound('Conversation not found');
  return rows[0];
}

async function opened(tx: PoolClient, channelType: string, given: SendRequest): Promise<Conversation> {
  const account = await tx.query<{ id: string }>(
    `select id from public.channel_accounts where type = $1 and is_active and ($2::text is null or routing_key = $2)
     order by created_at desc limit 1`,
    [channelType, given.routingKey ?? null],
  );
  if (!account.rows[0]) throw notFound(`No active ${channelType} channel is connected.`);
  const contactId = given.contactId ?? (await contactByPhone(tx, given));
  const { rows } = await tx.query<Conversation>('select id, contact_id from public.start_conversation($1, $2)', [
    contactId,
    account.rows[0].id,
  ]);
  if (!rows[0]) throw new Error('start_conversation answered with no row.');
  return rows[0];
}

async function contactByPhone(tx: PoolClient, given: SendRequest): Promise<string> {
  const phone = (given.to ?? '').replace(/@(s\.whatsapp\.net|c\.us)$/i, '');
  const known = await tx.query<{ phone: string | null; id: string | null }>(
    `select app.normalize_phone($1) as phone,
       (select c.id from public.contacts c where c.phones @> array[app.normalize_phone($1)] order by c.created_at limit 1) as id`,
    [phone],
  );
  const found = known.rows[0];
  if (!found?.phone) throw badRequest(`to is not a phone number: use the international format, such as 201001383533.`);
  if (found.id) return found.id;
  const { rows } = await tx.query<{ id: string }>(
    `insert into public.contacts (first_name, phones, source) values ($1, array[$2], 'api') returning id`,
    [given.contactName ?? 'Unknown Contact', found.phone],
  );
  if (!rows[0]) throw new Error('The contact was not created.');
  return rows[0].id;
}
