import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readBody } from '../../bodies.ts';
import type { AuthContext } from '../../context.ts';
import { deleteUser } from '../../users/deleteUser.ts';
import { pathUser } from './pathUser.ts';

const body = z.object({ should_soft_delete: z.boolean().nullish() });

/** `DELETE /admin/users/:id`: with its sessions and identities; `should_soft_delete` keeps an unusable, anonymous row. */
export function deleteUserRoute(app: FastifyInstance, ctx: AuthContext): void {
  app.delete('/admin/users/:id', async (request) => {
    const { should_soft_delete: soft } = readBody(body, request.body);
    const user = await pathUser(ctx, request);
    await deleteUser(ctx, user.id, { soft: soft === true });
    return {};
  });
}
