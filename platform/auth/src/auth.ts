import type { FastifyPluginAsync } from 'fastify';
import { createContext } from './context.ts';
import { parseEmail } from './emailAddress.ts';
import { createRoutes } from './routes.ts';
import { endSessions } from './sessions/endSessions.ts';
import { issueSession, type NewSession } from './sessions/issueSession.ts';
import type { SessionAnswer } from './sessions/sessionAnswer.ts';
import type { AuthOptions } from './settings.ts';
import { type CreateUser, createUser } from './users/createUser.ts';
import { deleteUser } from './users/deleteUser.ts';
import { findUserByEmail, findUserById } from './users/findUser.ts';
import { type PublicUser, publicUser } from './users/userRecord.ts';

/** Accounts and sessions of one instance: the HTTP surface, and what server code may do without it. */
export interface Auth {
  /** Fastify plugin; register with `{prefix: '/auth/v1'}`. */
  routes: FastifyPluginAsync;
  createUser(input: CreateUser): Promise<PublicUser>;
  /** Undefined when there is none. */
  findUser(by: { id: string } | { email: string }): Promise<PublicUser | undefined>;
  deleteUser(id: string, o?: { soft?: boolean }): Promise<void>;
  /** Opens a session for a user that the caller has identified; `canSignIn` is asked. */
  issueSession(session: NewSession): Promise<SessionAnswer>;
  /** Signs a user out everywhere: for members who are deactivated or removed. Returns how many sessions ended. */
  endSessions(userId: string): Promise<number>;
  /** Resolves when mails and the like that answers did not wait for are done. */
  settled(): Promise<void>;
}

/** Checks the options and puts the room together. Throws one sentence for a secret that is too short. */
export function createAuth(options: AuthOptions): Auth {
  const ctx = createContext(options);
  return {
    routes: createRoutes(ctx),
    createUser: (input) => createUser(ctx, input),
    async findUser(by) {
      const found =
        'id' in by ? await findUserById(ctx.pool, by.id) : await findUserByEmail(ctx.pool, parseEmail(by.email));
      return found && publicUser(found);
    },
    deleteUser: (id, o) => deleteUser(ctx, id, o),
    async issueSession(session) {
      await ctx.requireCanSignIn(session.userId);
      return await issueSession(ctx, session);
    },
    endSessions: (userId) => endSessions(ctx.pool, { userId }),
    settled: () => ctx.background.settled(),
  };
}

/** The HTTP surface alone. */
export function authRoutes(options: AuthOptions): FastifyPluginAsync {
  return createAuth(options).routes;
}
