import { createTokens } from '@connectgain/http';
import { afterAll, describe, expect, test } from 'vitest';
import { createAttempts } from './attempt.ts';
import { badBodies, badQueries, badSegments, badValues } from './badValues.ts';
import { type Call, callOf } from './knownRoutes.ts';
import { createRoutesWorld } from './world.ts';

// The routes are known once the product runs, and tests are made of them.
const world = await createRoutesWorld();
const attempts = await createAttempts(world);
afterAll(async () => {
  attempts.close();
  await world.close();
});

const refused = (status: number) => status >= 400;
/** Storage answers 400 to every refusal, as the dialect has it, and says in the body which status is meant. */
const unauthenticated = (path: string) => (status: number) =>
  status === 401 || status === 403 || (status === 400 && path.startsWith('/storage/v1/'));
const withBody = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Of the built web app one file is enough. */
const routes = world.routes
  .filter(({ method, path }) => path !== '*' && !/^\/(assets|emojibase)\//.test(path) && method !== 'OPTIONS')
  .map((route) => ({ ...route, name: `${route.method} ${route.path}` }));
const calls = new Map<string, Call>(routes.map((route) => [route.name, callOf(world, route)]));
const callTo = (name: string): Call => {
  const call = calls.get(name);
  if (!call) throw new Error(`There is no ${name}.`);
  return call;
};

test('every route is known here, by an example of its body or as one that takes none', () => {
  const missing = routes.filter(({ method, path, name }) => {
    const call = callTo(name);
    const bodiless = method === 'GET' || method === 'HEAD' || (method === 'DELETE' && /\/(\*|:id|:bucket)$/.test(path));
    return !bodiless && !path.startsWith('/rest/v1') && !call.example && !call.anyBytes;
  });
  expect(missing.map(({ name }) => name)).toEqual([]);
  expect(routes.length).toBeGreaterThan(60);
});

describe('credentials', () => {
  const guarded = routes.filter(({ name }) => !callTo(name).open);

  test.each(guarded)(
    '$name refuses strangers, and tokens that are expired, forged or of no role of ours',
    async (route) => {
      const call = callTo(route.name);
      const body = call.example ? JSON.stringify(call.example) : undefined;
      const elsewhere = createTokens({ secret: 'x'.repeat(40), issuer: 'connectgain' });
      const claims = { role: 'authenticated', sub: world.acme.userId };
      const unsigned = `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${Buffer.from(
        JSON.stringify({ role: 'service_role', iss: 'connectgain', exp: 4_000_000_000 }),
      ).toString('base64url')}.`;
      const bad: Record<string, string> = {
        'an expired token': await world.tokens.sign({ ...claims, iat: 1 }, { expiresIn: -3600 }),
        'a token signed by somebody else': await elsewhere.sign({ role: 'service_role' }, { expiresIn: '1h' }),
        'an unsigned token': unsigned,
        'a token of a role that is none of ours': await world.tokens.sign(
          { ...claims, role: 'postgres' },
          { expiresIn: '1h' },
        ),
        'a cut token': world.acme.accessToken.slice(0, -10),
        'a word': 'secret',
        'a long word': 'x'.repeat(7000),
      };
      const plain = {
        'x-forwarded-for': '10.9.9.9',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const send = (label: string, headers: Record<string, string>) =>
        attempts.try(
          label,
          { method: route.method, path: call.path, headers: { ...plain, ...headers }, body },
          unauthenticated(route.path),
        );
      await send('no credentials', {});
      for (const [label, token] of Object.entries(bad)) {
        await send(label, { apikey: token, authorization: `Bearer ${token}` });
        // The key of the instance is public: it must not make a bad token good. Sign-in and the like need the key alone.
        if (!/^\/auth\/v1\/(signup|token|recover|otp|magiclink|resend|verify|settings)/.test(route.path)) {
          await send(`${label} beside the public key`, {
            apikey: world.server.anonKey,
            authorization: `Bearer ${token}`,
          });
        }
      }
      await send('another scheme', { authorization: 'Basic YWRtaW46YWRtaW4=' });
      expect(attempts.faults()).toEqual([]);
    },
  );
});

describe('bodies', () => {
  test.each(routes.filter(({ method }) => withBody.includes(method)))(
    '$name answers whatever the body is',
    async (route) => {
      const call = callTo(route.name);
      for (const [label, { bytes, type, json }] of Object.entries(badBodies)) {
        const headers = { ...call.headers(bytes), ...(type === undefined ? {} : { 'content-type': type }) };
        const isJsonRoute = call.example !== undefined;
        const mustRefuse = isJsonRoute && !json && type === undefined;
        await attempts.try(
          label,
          { method: route.method, path: call.path, headers, body: bytes },
          mustRefuse ? refused : undefined,
        );
      }
      const headers = call.headers('x');
      await attempts.try('no body at all', {
        method: route.method,
        path: call.path,
        headers: { ...headers, ...call.headers('') },
      });
      expect(attempts.faults()).toEqual([]);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    },
  );

  const exampled = routes.filter(
    ({ name }) => callTo(name).example && Object.keys(callTo(name).example ?? {}).length > 0,
  );

  test.each(exampled)('$name answers whatever a field is, and without it', async (route) => {
    const call = callTo(route.name);
    for (const variant of variants(call.example ?? {})) {
      const body = JSON.stringify(variant.body);
      await attempts.try(variant.label, { method: route.method, path: call.path, headers: call.headers(body), body });
    }
    expect(attempts.faults()).toEqual([]);
  });

  test.each(routes.filter(({ method, name }) => withBody.includes(method) && !callTo(name).anyBytes))(
    '$name refuses more than it takes',
    async (route) => {
      const call = callTo(route.name);
      const body = JSON.stringify({ ...call.example, padding: 'x'.repeat(5 * 1024 * 1024) });
      await attempts.try('5 MB', { method: route.method, path: call.path, headers: call.headers(body), body }, refused);
      expect(attempts.faults()).toEqual([]);
    },
  );
});

describe('addresses', () => {
  test.each(routes.filter(({ path }) => /[:*]/.test(path)))(
    '$name answers whatever stands in the path',
    async (route) => {
      const call = callTo(route.name);
      const body = withBody.includes(route.method) ? JSON.stringify(call.example ?? {}) : undefined;
      const parameters = route.path.match(/:\w+|\*$/g) ?? [];
      for (const parameter of parameters) {
        for (const segment of badSegments) {
          const bent = route.path.replace(parameter, () => segment);
          const path = callOf(world, { method: route.method, path: bent }).path;
          await attempts.try(`${parameter} = ${segment.slice(0, 30)}`, {
            method: route.method,
            path,
            headers: call.headers(body),
            body,
          });
        }
      }
      expect(attempts.faults()).toEqual([]);
    },
  );

  test.each(routes)('$name answers whatever the query says', async (route) => {
    const call = callTo(route.name);
    const body = withBody.includes(route.method) ? JSON.stringify(call.example ?? {}) : undefined;
    const queries = call.waits ? ['?cursor=99999999999999999999', `?cursor=${'9'.repeat(300)}`] : badQueries;
    for (const query of queries) {
      await attempts.try('this query', {
        method: route.method,
        path: call.path + query,
        headers: call.headers(body),
        body,
      });
    }
    expect(attempts.faults()).toEqual([]);
  });

  const paths = [...new Set(routes.map(({ path }) => path))].filter((path) => !path.endsWith('*'));
  test.each(paths)('%s refuses methods that it does not have', async (path) => {
    const here = routes.filter((route) => route.path === path);
    const has = new Set(here.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method])));
    const [first] = here;
    if (!first) return;
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'].filter(
      (one) => !has.has(one),
    )) {
      const call = callOf(world, { method, path });
      await attempts.try(
        `the method ${method}`,
        { method, path: call.path, headers: callTo(first.name).headers(undefined) },
        (status) => [400, 401, 403, 404, 405].includes(status),
      );
    }
    expect(attempts.faults()).toEqual([]);
  });
});

interface Variant {
  label: string;
  body: Record<string, unknown>;
}

/** The example with one thing wrong, each in turn; two levels deep. */
function* variants(example: Record<string, unknown>): Generator<Variant> {
  for (const [name, value] of Object.entries(example)) {
    const { [name]: _, ...rest } = example;
    yield { label: `no ${name}`, body: rest };
    for (const [what, bad] of Object.entries(badValues))
      yield { label: `${name} = ${what}`, body: { ...example, [name]: bad } };
    if (isRecord(value)) {
      for (const inner of variants(value))
        yield { label: `${name}.${inner.label}`, body: { ...example, [name]: inner.body } };
    }
    if (Array.isArray(value) && isRecord(value[0])) {
      for (const inner of variants(value[0]))
        yield { label: `${name}[0].${inner.label}`, body: { ...example, [name]: [inner.body] } };
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
