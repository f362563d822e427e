import type { FastifyInstance } from 'fastify';
import type { AuthContext } from '../../context.ts';
import { publicUser } from '../../users/userRecord.ts';
import { pathUser } from './pathUser.ts';

/** `GET /admin/users/:id`. */
export function getUserRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.get('/admin/users/:id', async (request) => publicUser(await pathUser(ctx, request)));
}
