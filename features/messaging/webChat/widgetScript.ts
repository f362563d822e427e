import { readFile } from 'node:fs/promises';
import { widgetFile } from '@connectgain/channels/web-chat/widget/build.ts';
import type { FastifyInstance } from '@connectgain/http';

/** `GET /widget.js`: what any site pastes. Other origins run it, so it may be cached for a while but is asked for again. */
export async function widgetScript(app: FastifyInstance): Promise<void> {
  const script = await readFile(widgetFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (script === undefined) {
    app.log.warn('the chat widget is not built: `npm start` builds it');
    return;
  }
  app.get('/widget.js', (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=300')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send(script),
  );
}
