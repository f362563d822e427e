import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readQuery } from '../../bodies.ts';
import type { AuthContext } from '../../context.ts';
import { userNotFound, validationFailed } from '../../errors.ts';
import { findUserById, isUuid } from '../../users/findUser.ts';
import type { UserRecord } from '../../users/userRecord.ts';

const params = z.object({ id: z.string() });

/** The user that the path names. Throws 400 for an id of another form, 404 for one that nobody has. */
export async function pathUser(ctx: AuthContext, request: FastifyRequest): Promise<UserRecord> {
  const { id } = readQuery(params, request.params);
  if (!isUuid(id)) throw validationFailed('user_id must be an UUID', { status: 404 });
  const user = await findUserById(ctx.pool, id);
  if (user === undefined) throw userNotFound();
  return user;
}
