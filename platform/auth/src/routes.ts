import { authenticate } from '@connectgain/http';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { BODY_LIMIT, installBodies } from './bodies.ts';
import type { AuthContext } from './context.ts';
import { createUserRoute } from './endpoints/admin/createUser.ts';
import { deleteUserRoute } from './endpoints/admin/deleteUser.ts';
import { generateLinkRoute } from './endpoints/admin/generateLink.ts';
import { getUserRoute } from './endpoints/admin/getUser.ts';
import { inviteRoute } from './endpoints/admin/invite.ts';
import { listUsersRoute } from './endpoints/admin/listUsers.ts';
import { requireServiceRole } from './endpoints/admin/serviceRole.ts';
import { updateUserRoute as updateAnyUserRoute } from './endpoints/admin/updateUser.ts';
import { healthRoute } from './endpoints/health.ts';
import { jwksRoute } from './endpoints/jwks.ts';
import { logoutRoute } from './endpoints/logout.ts';
import { otpRoutes } from './endpoints/otp.ts';
import { recoverRoute } from './endpoints/recover.ts';
import { resendRoute } from './endpoints/resend.ts';
import { settingsRoute } from './endpoints/settings.ts';
import { signupRoute } from './endpoints/signup.ts';
import { tokenRoute } from './endpoints/token.ts';
import { updateUserRoute } from './endpoints/updateUser.ts';
import { userRoute } from './endpoints/user.ts';
import { verifyLinkRoute, verifyRoute } from './endpoints/verify.ts';
import { installErrorEnvelope } from './errorEnvelope.ts';

type Route = (app: FastifyInstance, ctx: AuthContext) => void;

/** Reached by a browser that follows a link, or by probes: they cannot send a key. */
const OPEN: readonly Route[] = [verifyLinkRoute, healthRoute, jwksRoute];

/** Need the `apikey` of this instance, like every call through the gateway. */
const KEYED: readonly Route[] = [
  signupRoute,
  tokenRoute,
  userRoute,
  updateUserRoute,
  logoutRoute,
  recoverRoute,
  otpRoutes,
  resendRoute,
  verifyRoute,
  settingsRoute,
];

/** Need the service key. */
const ADMIN: readonly Route[] = [
  listUsersRoute,
  createUserRoute,
  getUserRoute,
  updateAnyUserRoute,
  deleteUserRoute,
  generateLinkRoute,
  inviteRoute,
];

/** All endpoints, to be mounted at `/auth/v1`. */
export function createRoutes(ctx: AuthContext): FastifyPluginAsync {
  return async (app) => {
    installErrorEnvelope(app);
    installBodies(app);
    app.addHook('onRoute', (route) => {
      route.bodyLimit ??= BODY_LIMIT;
    });
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    app.addHook('onClose', () => ctx.background.settled());

    for (const route of OPEN) route(app, ctx);
    await app.register(async (keyed) => {
      keyed.addHook('onRequest', async (request) => {
        // The key alone: a token that ran out must not keep its owner from refreshing it.
        const { authorization: _, ...headers } = request.headers;
        await authenticate({ headers, query: request.query }, ctx.tokens);
      });
      for (const route of KEYED) route(keyed, ctx);
    });
    await app.register(async (admin) => {
      admin.addHook('onRequest', (request) => requireServiceRole(ctx, request));
      for (const route of ADMIN) route(admin, ctx);
    });
  };
}
