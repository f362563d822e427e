import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { audit } from '../audit.ts';
import { readQuery } from '../bodies.ts';
import type { AuthContext } from '../context.ts';
import { deviceOf } from '../device.ts';
import { type EndSessions, endSessions } from '../sessions/endSessions.ts';
import { requireUser } from '../sessions/requireUser.ts';

const query = z.object({
  scope: z.enum(['global', 'local', 'others'], { error: 'use global, local or others' }).default('global'),
});

/** `POST /logout?scope=global|local|others`: ends all sessions of the user, this one, or all but this one. 204. */
export function logoutRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.post('/logout', async (request, reply) => {
    const { scope } = readQuery(query, request.query);
    const { user, sessionId } = await requireUser(ctx, request);
    const ended = await endSessions(ctx.pool, which(scope, user.id, sessionId));
    const payload = { scope, sessions: ended };
    await audit(ctx.pool, { action: 'logout', userId: user.id, ip: deviceOf(request).ip, payload });
    return reply.code(204).send();
  });
}

function which(scope: 'global' | 'local' | 'others', userId: string, sessionId: string | null): EndSessions {
  // A token without a session has no "this one" to spare or to end.
  if (scope === 'global' || sessionId === null) return { userId };
  return scope === 'local' ? { userId, only: sessionId } : { userId, except: sessionId };
}
