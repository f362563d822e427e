import { readFile } from 'node:fs/promises';
import { type FastifyInstance, notFound } from '@connectgain/http';
import type { Queryable } from '../messaging/queryable.ts';

const folder = new URL('./site/', import.meta.url);
const types: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };

/**
 * `GET /sandbox/site`: a shop's page that carries the chat widget of the organization named by `?key=` (a widget key is
 * public), else of the demo workspace.
 */
export function demoSite(db: Queryable) {
  return async (app: FastifyInstance): Promise<void> => {
    app.get<{ Querystring: { key?: string } }>('/sandbox/site', async (request, reply) => {
      const page = await readFile(new URL('index.html', folder), 'utf8');
      const key = await widgetKey(db, request.query.key);
      return reply
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(page.replaceAll('{{WIDGET_KEY}}', key));
    });
    app.get<{ Params: { file: string } }>('/sandbox/site/:file', async (request, reply) => {
      const extension = /^[a-z-]+\.(css|js|svg)$/.exec(request.params.file)?.[1];
      if (extension === undefined) throw notFound();
      const content = await readFile(new URL(request.params.file, folder)).catch(() => undefined);
      if (content === undefined) throw notFound();
      return reply.type(`${types[extension]}; charset=utf-8`).send(content);
    });
  };
}

async function widgetKey(db: Queryable, asked: string | undefined): Promise<string> {
  const { rows } = await db.query<{ routing_key: string }>(
    `select a.routing_key from public.channel_accounts a join public.organizations o on o.id = a.organization_id
     where a.type = 'WEB_CHAT' and a.is_sandbox and a.is_active and (a.routing_key = $1 or ($1::text is null and o.is_demo))
     order by a.created_at limit 1`,
    [asked ?? null],
  );
  if (!rows[0]) throw notFound('There is no sandbox web chat with this key: connect one on the Sandbox page.');
  return rows[0].routing_key;
}
