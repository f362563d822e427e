import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createGuardedFetch, guardedFetch, isAllowed, isPublicAddress, OutboundError } from '../src/index.ts';

let servers: Server[] = [];
afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
});

/** A server on this machine; gives `host:port`. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A Server without pipe path has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

const limits = { timeoutMs: 2000, maxBytes: 1000 };
const problem = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no problem',
    (error: unknown) => (error instanceof OutboundError ? error.problem : error),
  );

describe('addresses', () => {
  test.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '0.1.2.3',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.100.100.200',
    '192.0.0.192',
    '198.18.0.1',
    '203.0.113.7',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::ffff:10.0.0.1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::a9fe:a9fe',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'fec0::1',
    'ff02::1',
    '2002:7f00:1::',
    '2001:0:1::1',
    '2001:db8::1',
    '100::1',
    'not an address',
    '',
  ])('%s is not the internet', (address) => expect(isPublicAddress(address)).toBe(false));

  test.each([
    '1.1.1.1',
    '93.184.216.34',
    '172.32.0.1',
    '100.128.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ])('%s is', (address) => expect(isPublicAddress(address)).toBe(true));

  test('an IPv4 address is judged alike however IPv6 wraps it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(isPublicAddress(`::ffff:${address}`)).toBe(isPublicAddress(address));
      }),
    );
  });

  test('are allowed by host, or by host and port', () => {
    expect(isAllowed('localhost', '3000', ['localhost'])).toBe(true);
    expect(isAllowed('LOCALHOST.', '3000', ['localhost:3000'])).toBe(true);
    expect(isAllowed('localhost', '3001', ['localhost:3000'])).toBe(false);
    expect(isAllowed('[::1]', '80', ['[::1]:80'])).toBe(true);
    expect(isAllowed('::1', '80', ['::1'])).toBe(true);
    expect(isAllowed('evil.localhost', '80', ['localhost'])).toBe(false);
  });
});

describe('guardedFetch', () => {
  test('fetches from a host that is allowed', async () => {
    const host = await serve((request, response) =>
      response.end(`hello ${request.method} ${request.headers['x-tag']}`),
    );
    const response = await guardedFetch(
      `http://${host}/a`,
      { method: 'POST', body: 'x', headers: { 'x-tag': 't' } },
      { ...limits, allow: [host] },
    );
    expect([response.status, response.url, await response.text()]).toEqual([200, `http://${host}/a`, 'hello POST t']);
  });

  test('refuses private addresses in every spelling', async () => {
    const host = await serve((_request, response) => response.end('secret'));
    const { port } = new URL(`http://${host}`);
    for (const name of [
      '127.0.0.1',
      'localhost',
      '0x7f000001',
      '2130706433',
      '017700000001',
      '127.1',
      '0',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '169.254.169.254',
    ]) {
      const call = guardedFetch(`http://${name}:${port}/`, {}, { ...limits, allow: [], https: false });
      expect([name, await problem(call)]).toEqual([name, 'blocked_address']);
    }
  });

  test('refuses a name that resolves to this machine, and one with a private address among public ones', async () => {
    for (const addresses of [['127.0.0.1'], ['93.184.216.34', '10.0.0.5'], ['::ffff:127.0.0.1']]) {
      const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      const call = guardedFetch('https://webhooks.localhost/', {}, { ...limits, allow: [], resolve });
      await expect(call).rejects.toThrow(/webhooks\.localhost \(.*\) is not a public internet address.*OUTBOUND_ALLOW/);
    }
  });

  test('asks DNS once per connection and connects to that answer', async () => {
    const host = await serve((_request, response) => response.end('ok'));
    const { port } = new URL(`http://${host}`);
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '10.255.255.1', family: 4 }];
    };
    const response = await guardedFetch(
      `http://app.localhost:${port}/`,
      {},
      { ...limits, allow: ['app.localhost'], resolve },
    );
    expect([await response.text(), asked]).toEqual(['ok', 1]);
  });

  test('needs https, except for allowed hosts', async () => {
    expect(await problem(guardedFetch('http://example.localhost/', {}, { ...limits, allow: [] }))).toBe(
      'https_required',
    );
  });

  test.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:1',
    'example.com',
    '',
    'https://user:pass@example.com/',
  ])('refuses %s in a sentence', async (url) =>
    expect(await problem(guardedFetch(url, {}, { ...limits, allow: [] }))).toBe('invalid_url'),
  );

  test('follows three redirects and not four', async () => {
    const host = await serve((request, response) => {
      const left = Number(request.url?.slice(1));
      if (left === 0) response.end('arrived');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });
    const options = { ...limits, allow: [host] };
    expect(await (await guardedFetch(`http://${host}/3`, {}, options)).text()).toBe('arrived');
    expect(await problem(guardedFetch(`http://${host}/4`, {}, options))).toBe('too_many_redirects');
    expect((await guardedFetch(`http://${host}/4`, { redirect: 'manual' }, options)).status).toBe(302);
    expect(await problem(guardedFetch(`http://${host}/1`, { redirect: 'error' }, options))).toBe('too_many_redirects');
  });

  test.each([
    ['http://169.254.169.254/latest/meta-data/', 'https_required'],
    ['https://169.254.169.254/latest/meta-data/', 'blocked_address'],
    ['https://[::ffff:169.254.169.254]/', 'blocked_address'],
    ['https://127.0.0.1:8443/', 'blocked_address'],
    ['file:///etc/passwd', 'invalid_url'],
  ])('does not follow a redirect to %s', async (location, expected) => {
    const host = await serve((_request, response) => response.writeHead(302, { location }).end());
    expect(await problem(guardedFetch(`http://${host}/`, {}, { ...limits, allow: [host] }))).toBe(expected);
  });

  test('keeps secrets from another origin, and the body from a redirect that changes the method', async () => {
    const seen: unknown[] = [];
    const second = await serve(async (request, response) => {
      seen.push([
        request.method,
        request.headers['x-hub-signature-256'],
        request.headers.authorization,
        (await request.toArray()).join(''),
      ]);
      response.end('ok');
    });
    const first = await serve((request, response) => {
      response.writeHead(request.url === '/307' ? 307 : 302, { location: `http://${second}/` }).end();
    });
    const options = { ...limits, allow: [first, second] };
    const init = {
      method: 'POST',
      body: 'payload',
      headers: { authorization: 'Bearer x', 'x-hub-signature-256': 'sha256=1' },
    };
    await guardedFetch(`http://${first}/307`, init, options);
    await guardedFetch(`http://${first}/302`, init, options);
    expect(seen).toEqual([
      ['POST', undefined, undefined, 'payload'],
      ['GET', undefined, undefined, ''],
    ]);
  });

  test('ends an answer that does not come, or trickles, at the time limit', async () => {
    const silent = await serve(() => {});
    expect(await problem(guardedFetch(`http://${silent}/`, {}, { ...limits, timeoutMs: 50, allow: [silent] }))).toBe(
      'timeout',
    );
    const trickling = await serve((_request, response) => {
      response.write('a');
      const timer = setInterval(() => response.write('a'), 5);
      response.on('close', () => clearInterval(timer));
    });
    const response = await guardedFetch(`http://${trickling}/`, {}, { ...limits, timeoutMs: 100, allow: [trickling] });
    expect(await problem(response.text())).toBe('timeout');
  });

  test('ends a body that is too large, told or untold, packed or not', async () => {
    const endless = await serve((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(1000)));
        response.once('drain', more);
      };
      more();
    });
    expect(await problem((await guardedFetch(`http://${endless}/`, {}, { ...limits, allow: [endless] })).text())).toBe(
      'too_large',
    );
    const told = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': 5000 }).end('x'.repeat(5000)),
    );
    expect(await problem(guardedFetch(`http://${told}/`, {}, { ...limits, allow: [told] }))).toBe('too_large');
    const bomb = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1e6))),
    );
    expect(
      await problem((await guardedFetch(`http://${bomb}/`, {}, { ...limits, maxBytes: 5000, allow: [bomb] })).text()),
    ).toBe('too_large');
  });

  test('stops when the caller says so', async () => {
    const silent = await serve(() => {});
    const caller = new AbortController();
    const call = problem(guardedFetch(`http://${silent}/`, { signal: caller.signal }, { ...limits, allow: [silent] }));
    caller.abort();
    expect(await call).toBe('aborted');
  });

  test('says in words that nobody answers, or that there is no such name', async () => {
    const host = await serve(() => {});
    const [server] = servers.splice(0, 1);
    await new Promise((resolve) => server?.close(resolve));
    await expect(guardedFetch(`http://${host}/`, {}, { ...limits, allow: [host] })).rejects.toThrow(
      `No answer from ${host}: ECONNREFUSED.`,
    );
    const resolve = () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    const call = guardedFetch('https://nowhere.localhost/', {}, { ...limits, allow: [], resolve });
    await expect(call).rejects.toThrow('The host name nowhere.localhost could not be found.');
  });

  test('with one agent for many calls keeps connections and stays guarded', async () => {
    let connections = 0;
    const host = await serve((_request, response) => response.end('ok'));
    servers[0]?.on('connection', () => {
      connections += 1;
    });
    const call = createGuardedFetch({ ...limits, allow: [host] });
    for (let n = 0; n < 5; n += 1) await (await call(`http://${host}/`)).text();
    expect(connections).toBeLessThan(5);
    expect(await problem(call('https://127.0.0.1:8443/'))).toBe('blocked_address');
    await call.close();
  });
});
