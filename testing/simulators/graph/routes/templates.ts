import type { FastifyInstance } from 'fastify';
import { authenticate, wabaFor } from '../access.ts';
import type { Core } from '../core.ts';
import { GraphError } from '../graphError.ts';
import { graphId } from '../ids.ts';
import { isObject, type JsonObject, objectIn, textIn } from '../json.ts';
import type { Template, Waba } from '../model.ts';
import { requireList, requireOneOf, requireText } from '../validate/check.ts';

type IdParams = { Params: { id: string } };

function describe(template: Template): JsonObject {
  return {
    id: template.id,
    name: template.name,
    status: template.status,
    category: template.category,
    language: template.language,
    components: template.components,
    rejected_reason: template.status === 'REJECTED' ? 'INVALID_FORMAT' : 'NONE',
    quality_score: { score: 'UNKNOWN' },
    parameter_format: template.parameterFormat,
  };
}

function cursor(position: number): string {
  return Buffer.from(`after:${position}`).toString('base64url');
}

function positionOf(after: string | undefined): number {
  if (after === undefined) return 0;
  const position = Number(/^after:(\d+)$/.exec(Buffer.from(after, 'base64url').toString())?.[1]);
  if (!Number.isSafeInteger(position)) throw new GraphError(100, { message: '(#100) Invalid cursors values' });
  return position;
}

function create(waba: Waba, body: JsonObject): Template {
  const name = requireText(body.name, 'name', 512);
  if (!/^[a-z0-9_]+$/.test(name)) {
    throw new GraphError(100, {
      message: '(#100) Param name must only contain lowercase letters, numbers and underscores.',
    });
  }
  const language = requireText(body.language, 'language', 20);
  const category = requireOneOf(body.category, 'category', ['MARKETING', 'UTILITY', 'AUTHENTICATION']);
  const components = requireList(body.components, 'components', 1, 10).filter(isObject);
  if (waba.templates.some((each) => each.name === name && each.language === language)) {
    throw new GraphError(100, {
      subcode: 2388024,
      message: 'Invalid parameter',
      details: 'Content in This Language Already Exists',
    });
  }
  const parameterFormat = textIn(body.parameter_format)?.toUpperCase() === 'NAMED' ? 'NAMED' : 'POSITIONAL';
  const template: Template = {
    id: graphId(),
    name,
    language,
    category,
    components,
    status: 'PENDING',
    parameterFormat,
  };
  waba.templates.push(template);
  return template;
}

/** `GET` and `POST /{waba_id}/message_templates`. */
export function templateRoutes(app: FastifyInstance, core: Core): void {
  app.get<IdParams>('/:id/message_templates', async (request, reply) => {
    if (core.faults.strike('templates', request, reply)) return reply;
    const token = authenticate(request, core.world);
    const waba = wabaFor(token, request.params.id, 'GET', core.world);
    const query = objectIn(request.query);
    const matching = waba.templates.filter((template) =>
      (['name', 'status', 'language', 'category'] as const).every((field) => {
        const wanted = textIn(query[field]);
        return wanted === undefined || template[field] === wanted;
      }),
    );
    const limit = Math.min(Math.max(Number(textIn(query.limit) ?? 25) || 25, 1), 1000);
    const start = positionOf(textIn(query.after));
    const page = matching.slice(start, start + limit);
    const end = start + page.length;
    const next = `${request.protocol}://${request.host}${request.url.split('?', 1)[0] ?? ''}?limit=${limit}&after=${cursor(end)}`;
    return {
      data: page.map(describe),
      paging: { cursors: { before: cursor(start), after: cursor(end) }, ...(end < matching.length ? { next } : {}) },
    };
  });

  app.post<IdParams>('/:id/message_templates', async (request, reply) => {
    if (core.faults.strike('templates', request, reply)) return reply;
    const token = authenticate(request, core.world);
    const waba = wabaFor(token, request.params.id, 'POST', core.world);
    const template = create(waba, objectIn(request.body));
    return { id: template.id, status: template.status, category: template.category };
  });
}
