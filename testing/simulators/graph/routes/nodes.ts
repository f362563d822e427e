import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authenticate } from '../access.ts';
import type { Core } from '../core.ts';
import { GraphError, missingObject } from '../graphError.ts';
import { type JsonObject, objectIn, textIn } from '../json.ts';
import type { PhoneNumber, Waba } from '../model.ts';
import { describeMedia, mediaFor } from './media.ts';

type IdParams = { Params: { id: string } };

/** `?fields=a,b`: only those and the id; a field that the node does not have is an error, as in the Graph API. */
function select(node: JsonObject, nodeType: string, request: FastifyRequest, standard: readonly string[]): JsonObject {
  const asked = textIn(objectIn(request.query).fields);
  const fields = asked === undefined || asked === '' ? standard : asked.split(',').map((field) => field.trim());
  const unknown = fields.find((field) => !Object.hasOwn(node, field));
  if (unknown !== undefined) {
    throw new GraphError(100, {
      message: `(#100) Tried accessing nonexisting field (${unknown}) on node type (${nodeType})`,
    });
  }
  return { ...Object.fromEntries(fields.map((field) => [field, node[field]])), id: node.id };
}

function healthOf(number: PhoneNumber | undefined, waba: Waba, appId: string): JsonObject {
  const entities: JsonObject[] = [
    { entity_type: 'WABA', id: waba.id, can_send_message: waba.reviewStatus === 'APPROVED' ? 'AVAILABLE' : 'BLOCKED' },
    { entity_type: 'BUSINESS', id: `9${waba.id.slice(1)}`, can_send_message: 'AVAILABLE' },
    { entity_type: 'APP', id: appId, can_send_message: 'AVAILABLE' },
  ];
  if (number !== undefined) {
    const limited = {
      additional_info: [
        'Your display name has not been approved yet. Your message limit will increase after the display name is approved.',
      ],
    };
    const blocked = {
      errors: [
        {
          error_code: 141006,
          error_description: 'There is an error with the payment method.',
          possible_solution:
            'There was an error with your payment method. Please add a new payment method to the account.',
        },
      ],
    };
    entities.unshift({
      entity_type: 'PHONE_NUMBER',
      id: number.id,
      can_send_message: number.canSend,
      ...(number.canSend === 'LIMITED' ? limited : {}),
      ...(number.canSend === 'BLOCKED' ? blocked : {}),
    });
  }
  const all = entities.map((entity) => entity.can_send_message);
  const overall = all.includes('BLOCKED') ? 'BLOCKED' : all.includes('LIMITED') ? 'LIMITED' : 'AVAILABLE';
  return { can_send_message: overall, entities };
}

function phoneNode(number: PhoneNumber, waba: Waba, appId: string): JsonObject {
  return {
    id: number.id,
    display_phone_number: `+${number.displayNumber}`,
    verified_name: number.verifiedName,
    status: number.status,
    name_status: number.nameStatus,
    account_mode: number.accountMode,
    quality_rating: number.qualityRating,
    platform_type: 'CLOUD_API',
    throughput: { level: 'STANDARD' },
    health_status: healthOf(number, waba, appId),
  };
}

function wabaNode(waba: Waba, numbers: PhoneNumber[], appId: string): JsonObject {
  return {
    id: waba.id,
    name: waba.name,
    account_review_status: waba.reviewStatus,
    business_verification_status: waba.businessVerification,
    message_template_namespace: waba.namespace,
    timezone_id: '1',
    health_status: healthOf(undefined, waba, appId),
    phone_numbers: {
      data: numbers.map((number) => ({
        id: number.id,
        display_phone_number: number.displayNumber,
        verified_name: number.verifiedName,
      })),
    },
  };
}

/** `GET /me` and `GET /{id}` of numbers, accounts and media (spec D3). */
export function nodeRoutes(app: FastifyInstance, core: Core): void {
  const { world } = core;

  app.get('/me', async (request, reply) => {
    if (core.faults.strike('node', request, reply)) return reply;
    const token = authenticate(request, world);
    return select({ id: token.userId, name: token.name }, 'User', request, ['id', 'name']);
  });

  app.get<IdParams>('/:id', async (request, reply) => {
    const { id } = request.params;
    const stored = world.media.has(id);
    if (core.faults.strike(stored ? 'media' : 'node', request, reply)) return reply;
    const token = authenticate(request, world);
    const media = mediaFor(core, token, id);
    if (media !== undefined) return describeMedia(core, request, media);
    const number = world.numbers.get(id);
    const waba = world.wabas.get(number?.wabaId ?? id);
    if (waba === undefined || !token.wabaIds.has(waba.id)) throw missingObject('GET', id);
    if (number !== undefined) {
      const standard = ['verified_name', 'display_phone_number', 'quality_rating', 'platform_type', 'throughput'];
      return select(phoneNode(number, waba, world.app.id), 'WhatsAppBusinessPhoneNumber', request, standard);
    }
    const numbers = [...world.numbers.values()].filter((each) => each.wabaId === waba.id);
    return select(wabaNode(waba, numbers, world.app.id), 'WhatsAppBusinessAccount', request, [
      'name',
      'timezone_id',
      'message_template_namespace',
    ]);
  });

  app.post<IdParams>('/:id/subscribed_apps', async (request, reply) => {
    if (core.faults.strike('node', request, reply)) return reply;
    const token = authenticate(request, world);
    if (!token.wabaIds.has(request.params.id)) throw missingObject('POST', request.params.id);
    return { success: true };
  });
}
