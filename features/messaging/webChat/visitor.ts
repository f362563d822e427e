import { originAllowed, readVisitorToken } from '@connectgain/channels/web-chat/index.ts';
import { widgetErrorCodes } from '@connectgain/channels/web-chat/protocol.ts';
import { ApiError, bearerOf, type FastifyRequest } from '@connectgain/http';
import { type AccountSources, type LoadedAccount, loadAccount } from '../accounts/loadAccount.ts';
import type { Queryable } from '../queryable.ts';

export interface Visitor {
  id: string;
  account: LoadedAccount;
}

export interface VisitorOptions {
  db: Queryable;
  sources: AccountSources;
  /** Signs visitor tokens; the server's own. */
  secret: string;
}

/** The visitor behind `Authorization: Bearer <visitor token>`. Throws 401 for a token that is not ours, 403 for a foreign site. */
export async function requireVisitor(request: FastifyRequest, o: VisitorOptions): Promise<Visitor> {
  const token = bearerOf(request) ?? '';
  const claims = readVisitorToken(token, o.secret);
  const account = claims && (await loadAccount(o.db, claims.channelAccountId, o.sources));
  if (!claims || account?.type !== 'WEB_CHAT' || !account.isActive) {
    throw new ApiError({
      status: 401,
      code: widgetErrorCodes.invalidToken,
      message: 'The visitor token is not valid: open a session again.',
    });
  }
  requireOrigin(request, account);
  return { id: claims.visitorId, account };
}

export function requireOrigin(request: FastifyRequest, account: LoadedAccount): void {
  const allowed = account.settings.allowed_origins;
  const patterns = Array.isArray(allowed) ? allowed.filter((item) => typeof item === 'string') : [];
  if (originAllowed(request.headers.origin, patterns)) return;
  throw new ApiError({
    status: 403,
    code: widgetErrorCodes.originNotAllowed,
    message: 'This site may not show the widget: add its address under “Allowed sites” of the channel.',
  });
}
