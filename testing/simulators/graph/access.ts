import type { FastifyRequest } from 'fastify';
import { GraphError, missingObject } from './graphError.ts';
import { objectIn, textIn } from './json.ts';
import type { AccessToken, PhoneNumber, Waba, World } from './model.ts';

/** The token of a call: `Authorization: Bearer …` or `?access_token=…`. */
export function tokenOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) return /^(?:Bearer|OAuth)\s+(.+)$/i.exec(header)?.[1]?.trim();
  return textIn(objectIn(request.query).access_token);
}

/** Who is calling; refuses a token that is absent, unknown, expired or revoked as the Graph API does. */
export function authenticate(request: FastifyRequest, world: World): AccessToken {
  const token = tokenOf(request);
  if (token === undefined || token === '') {
    throw new GraphError(104, { message: 'An access token is required to request this resource.' });
  }
  const known = world.tokens.get(token);
  if (known === undefined) {
    throw new GraphError(190, { message: 'Invalid OAuth access token - Cannot parse access token' });
  }
  if (known.state === 'expired') {
    const message = 'Error validating access token: Session has expired on Tuesday, 04-Nov-25 08:00:00 PST.';
    throw new GraphError(190, { message, subcode: 463 });
  }
  if (known.state === 'revoked') {
    const message = 'Error validating access token: The user has not authorized application.';
    throw new GraphError(190, { message, subcode: 458 });
  }
  return known;
}

export function numberFor(token: AccessToken, id: string, method: string, world: World): PhoneNumber {
  const number = world.numbers.get(id);
  if (number === undefined || !token.wabaIds.has(number.wabaId)) throw missingObject(method, id);
  return number;
}

export function wabaFor(token: AccessToken, id: string, method: string, world: World): Waba {
  const waba = world.wabas.get(id);
  if (waba === undefined || !token.wabaIds.has(waba.id)) throw missingObject(method, id);
  return waba;
}
