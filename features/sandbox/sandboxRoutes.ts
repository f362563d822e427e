import { type FastifyInstance, forbidden, notFound, parse } from '@connectgain/http';
import type { Customer, GraphSimulator } from '@connectgain/testing/simulators/graph/index.ts';
import { z } from 'zod';
import { type MemberOptions, requireMember } from '../access/member.ts';
import { sampleDocument, samplePhoto } from './samples.ts';
import type { SandboxAccounts } from './sandboxAccounts.ts';

export interface SandboxRoutesOptions extends MemberOptions {
  accounts: SandboxAccounts;
  simulator: GraphSimulator;
}

const phone = z
  .string()
  .transform((text) => text.replaceAll(/[\s+\-().]/g, ''))
  .pipe(z.string().regex(/^\d{8,15}$/, { error: 'must be a phone number with 8 to 15 digits' }));
const line = z.object({ channel_account_id: z.uuid(), phone });
const text = z.string().trim().min(1).max(4096);

const say = z.discriminatedUnion('kind', [
  line.extend({ kind: z.literal('text'), name: z.string().max(100).optional(), text, reply_to: z.string().optional() }),
  line.extend({
    kind: z.literal('photo'),
    name: z.string().max(100).optional(),
    text: z.string().max(1024).optional(),
  }),
  line.extend({
    kind: z.literal('document'),
    name: z.string().max(100).optional(),
    text: z.string().max(1024).optional(),
  }),
  line.extend({ kind: z.literal('location'), name: z.string().max(100).optional() }),
  line.extend({ kind: z.literal('reaction'), message_id: z.string().min(1), emoji: z.string().max(32).nullable() }),
  line.extend({
    kind: z.enum(['button', 'list']),
    message_id: z.string().min(1),
    id: z.string().min(1).max(256),
    title: z.string().min(1).max(100),
  }),
]);

const trouble = z.object({
  kind: z.enum(['unavailable', 'rate_limited', 'token_expired', 'none']),
  times: z.number().int().min(1).max(20).default(1),
});

/**
 * The customer's phone, below `/functions/v1/sandbox`. What is said here leaves the server as a signed webhook of the
 * simulated provider and comes back in by the public callback, like a real one.
 */
export function sandboxRoutes(o: SandboxRoutesOptions) {
  return async (app: FastifyInstance): Promise<void> => {
    app.post('/sandbox/channels', async (request) => {
      const member = await requireMember(request, o);
      if (!member.can('can_manage_settings')) throw forbidden('Only those who manage settings can add a channel.');
      const body = parse(z.object({ type: z.enum(['WHATSAPP_CLOUD', 'WEB_CHAT']) }), request.body);
      const { id, created } = await o.accounts.connect(member.organizationId, body.type);
      return { success: true, channel_account_id: id, created };
    });

    app.post('/sandbox/say', async (request) => {
      const member = await requireMember(request, o);
      const body = parse(say, request.body);
      const customer = await phoneOf(o, member.organizationId, body, 'name' in body ? body.name : undefined);
      return { success: true, message_id: await speak(customer, body) };
    });

    app.post('/sandbox/read', async (request) => {
      const member = await requireMember(request, o);
      const customer = await phoneOf(o, member.organizationId, parse(line, request.body));
      await customer.read();
      return { success: true };
    });

    app.post('/sandbox/trouble', async (request) => {
      const member = await requireMember(request, o);
      if (!member.can('can_manage_settings'))
        throw forbidden('Only those who manage settings can disturb the provider.');
      const body = parse(trouble, request.body);
      disturb(o.simulator, body);
      return { success: true };
    });
  };
}

async function phoneOf(
  o: SandboxRoutesOptions,
  organizationId: string,
  at: z.infer<typeof line>,
  name?: string,
): Promise<Customer> {
  const customer = await o.accounts.phone(organizationId, at.channel_account_id, at.phone, name);
  if (!customer) throw notFound('This is not a sandbox WhatsApp channel of your organization.');
  return customer;
}

async function speak(customer: Customer, body: z.infer<typeof say>): Promise<string> {
  switch (body.kind) {
    case 'text':
      return await customer.sendText(body.text, body.reply_to === undefined ? {} : { replyTo: body.reply_to });
    case 'photo':
      return await customer.sendImage({ ...(await samplePhoto()), ...(body.text ? { caption: body.text } : {}) });
    case 'document':
      return await customer.sendDocument({ ...sampleDocument(), ...(body.text ? { caption: body.text } : {}) });
    case 'location':
      return await customer.sendLocation({
        latitude: 30.0444,
        longitude: 31.2357,
        name: 'Tahrir Square',
        address: 'Cairo',
      });
    case 'reaction':
      return await customer.sendReaction(body.message_id, body.emoji);
    case 'button':
      return await customer.sendButtonReply(body.message_id, { id: body.id, title: body.title });
    case 'list':
      return await customer.sendListReply(body.message_id, { id: body.id, title: body.title });
  }
}

function disturb(simulator: GraphSimulator, body: z.infer<typeof trouble>): void {
  switch (body.kind) {
    case 'none':
      simulator.faults.clear();
      return;
    case 'unavailable':
      simulator.faults.next('messages', { kind: 'http', status: 503 }, body.times);
      return;
    case 'rate_limited':
      simulator.faults.next('messages', { kind: 'graph', code: 130_429 }, body.times);
      return;
    case 'token_expired':
      simulator.faults.next('messages', { kind: 'graph', code: 190 }, body.times);
      return;
  }
}
