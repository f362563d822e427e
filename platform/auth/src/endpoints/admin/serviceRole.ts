import { authenticate } from '@connectgain/http';
import type { FastifyRequest } from 'fastify';
import type { AuthContext } from '../../context.ts';
import { notAdmin } from '../../errors.ts';

/** Lets only the service key through. Throws 403 `not_admin` for every other valid token. */
export async function requireServiceRole(ctx: AuthContext, request: FastifyRequest): Promise<void> {
  const principal = await authenticate(request, ctx.tokens);
  if (principal.role !== 'service_role') throw notAdmin();
  request.principal = principal;
}
