import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readQuery, text } from '../bodies.ts';
import type { AuthContext } from '../context.ts';
import { deviceOf } from '../device.ts';
import { resolveRedirect } from '../redirects.ts';
import type { LinkRequest } from './sendLink.ts';

/** Where bodies may name the redirect: auth-js uses the query string, the documented calls `options.redirect_to`. */
export const redirectFields = {
  redirect_to: text.nullish(),
  options: z.object({ redirect_to: text.nullish(), redirectTo: text.nullish() }).nullish(),
};

export interface RedirectFields {
  redirect_to?: string | null;
  options?: { redirect_to?: string | null; redirectTo?: string | null } | null;
}

const query = z.object({ redirect_to: z.union([text, z.array(text)]).optional() });

/** The redirect that a request asks for, unchecked. */
export function wantedRedirect(request: FastifyRequest, body: RedirectFields): string | undefined {
  const asked = readQuery(query, request.query).redirect_to;
  const inQuery = Array.isArray(asked) ? asked[0] : asked;
  return inQuery ?? body.options?.redirect_to ?? body.options?.redirectTo ?? body.redirect_to ?? undefined;
}

/** Language, target and address for the mail that a request causes. */
export function linkRequest(
  ctx: AuthContext,
  request: FastifyRequest,
  o: { body?: RedirectFields; fallbackPath?: string } = {},
): LinkRequest {
  return {
    acceptLanguage: request.headers['accept-language'],
    redirectTo: resolveRedirect(ctx.settings, wantedRedirect(request, o.body ?? {}), o.fallbackPath),
    ip: deviceOf(request).ip,
  };
}
