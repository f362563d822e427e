import type { FastifyInstance } from 'fastify';
import type { AuthContext } from '../context.ts';
import { requireUser } from '../sessions/requireUser.ts';
import { publicUser } from '../users/userRecord.ts';

/** `GET /user`: the signed-in user as the database has them now; also how a client learns that its session has ended. */
export function userRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.get('/user', async (request) => publicUser((await requireUser(ctx, request)).user));
}
