import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StorageServer, startStorage, tinyPng } from './storageServer.ts';

const setUp = `
  insert into storage.buckets (id, name, public) values ('open', 'open', true), ('closed', 'closed', false)`;
const digits = '0123456789';

describe('downloads', () => {
  let server: StorageServer;
  beforeAll(async () => {
    server = await startStorage({ setUp });
    for (const bucket of ['open', 'closed']) {
      const files = server.service.storage.from(bucket);
      await files.upload('digits.txt', digits, { contentType: 'text/plain', cacheControl: '60' });
      await files.upload('empty.txt', '', { contentType: 'text/plain' });
      await files.upload('pixel.png', tinyPng, { contentType: 'image/png' });
    }
  });
  afterAll(() => server.close());

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${server.url}/object/${path}`, { method, headers });
  const known = () => ({ authorization: `Bearer ${server.keys.service}` });

  it('serve a public bucket to anyone and a private one to those who may read the row', async () => {
    for (const path of ['public/open/digits.txt', 'open/digits.txt']) {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe(digits);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'text/plain',
        'content-length': '10',
        'cache-control': 'max-age=60',
        'accept-ranges': 'bytes',
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
        'last-modified': expect.stringMatching(/GMT$/),
        'access-control-allow-origin': '*',
        'x-content-type-options': 'nosniff',
      });
    }
    for (const path of ['closed/digits.txt', 'authenticated/closed/digits.txt']) {
      expect(await (await get(path, known())).text()).toBe(digits);
      expect((await get(path)).status).toBe(400);
      expect(await (await get(path, { authorization: `Bearer ${server.keys.anon}` })).json()).toMatchObject({
        statusCode: '404',
        error: 'not_found',
        code: 'NoSuchKey',
        message: 'Object not found',
      });
      expect(await (await get(path, { authorization: 'Bearer forged' })).json()).toMatchObject({ statusCode: '403' });
    }
    expect(await (await get('public/closed/digits.txt')).json()).toMatchObject({ message: 'Bucket not found' });
    expect(await (await get('public/nowhere/digits.txt')).json()).toMatchObject({ message: 'Bucket not found' });
    expect(await (await get('public/open/missing.txt')).json()).toMatchObject({ message: 'Object not found' });
    // A token that has expired does not close what is open.
    expect((await get('open/digits.txt', { authorization: 'Bearer forged' })).status).toBe(200);
  });

  it('answer HEAD, info and exists without the bytes', async () => {
    for (const path of ['public/open/digits.txt', 'open/digits.txt']) {
      const answer = await get(path, {}, 'HEAD');
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-length')).toBe('10');
      expect(answer.headers.get('etag')).toBeTruthy();
      expect(await answer.text()).toBe('');
    }
    const closed = await get('authenticated/closed/digits.txt', known(), 'HEAD');
    expect(closed.status).toBe(200);
    const missing = await get('public/open/missing.txt', {}, 'HEAD');
    expect(missing.status).toBe(400);
    expect(await missing.text()).toBe('');

    const files = server.service.storage.from('closed');
    expect((await files.exists('digits.txt')).data).toBe(true);
    expect((await files.exists('missing.txt')).data).toBe(false);
    expect((await get('info/public/open/digits.txt')).status).toBe(200);
    expect(await (await get('info/public/open/digits.txt')).json()).toMatchObject({ name: 'digits.txt', size: 10 });
    expect((await get('info/closed/digits.txt', known(), 'HEAD')).headers.get('etag')).toBeTruthy();
    expect((await get('info/closed/digits.txt')).status).toBe(400);
    expect((await get('info/public/closed/digits.txt')).status).toBe(400);
    const old = await files.info('digits.txt', { versionId: 'some-old-one' });
    expect(old.error).toMatchObject({ code: 'FeatureNotEnabled' });
  });

  it('send the part that a Range asks for', async () => {
    const part = async (range: string, extra: Record<string, string> = {}) => {
      const answer = await get('public/open/digits.txt', { range, ...extra });
      return [answer.status, answer.headers.get('content-range'), await answer.text()];
    };
    expect(await part('bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await part('bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await part('bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await part('bytes=8-1000')).toEqual([206, 'bytes 8-9/10', '89']);
    expect(await part('bytes=-1000')).toEqual([206, 'bytes 0-9/10', digits]);
    expect(await part('bytes=0-0')).toEqual([206, 'bytes 0-0/10', '0']);
    for (const whole of ['bytes=4-2', 'bytes=', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,3-4', 'bytes=-']) {
      expect(await part(whole), whole).toEqual([200, null, digits]);
    }
    const beyond = await get('public/open/digits.txt', { range: 'bytes=10-' });
    expect(beyond.status).toBe(416);
    expect(beyond.headers.get('content-range')).toBe('bytes */10');
    expect(await beyond.json()).toMatchObject({ statusCode: '416', code: 'InvalidRange' });
    expect((await get('public/open/empty.txt', { range: 'bytes=0-' })).status).toBe(416);
    expect((await get('public/open/empty.txt')).status).toBe(200);
    const head = await get('public/open/digits.txt', { range: 'bytes=2-4' }, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([206, '3']);

    const etag = (await get('public/open/digits.txt', {}, 'HEAD')).headers.get('etag') ?? '';
    expect((await part('bytes=2-4', { 'if-range': etag }))[0]).toBe(206);
    expect((await part('bytes=2-4', { 'if-range': '"other"' }))[0]).toBe(200);
    expect((await part('bytes=2-4', { 'if-range': 'Wed, 01 Jan 2020 00:00:00 GMT' }))[0]).toBe(200);
  });

  it('answer conditions in the order of RFC 9110', async () => {
    const first = await get('public/open/digits.txt');
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';
    const past = 'Wed, 01 Jan 2020 00:00:00 GMT';
    const status = async (headers: Record<string, string>) => (await get('public/open/digits.txt', headers)).status;
    expect(await status({ 'if-none-match': etag })).toBe(304);
    expect(await status({ 'if-none-match': `"x", W/${etag}` })).toBe(304);
    expect(await status({ 'if-none-match': '*' })).toBe(304);
    expect(await status({ 'if-none-match': '"x"' })).toBe(200);
    expect(await status({ 'if-modified-since': modified })).toBe(304);
    expect(await status({ 'if-modified-since': past })).toBe(200);
    expect(await status({ 'if-modified-since': 'yesterday' })).toBe(200);
    expect(await status({ 'if-none-match': '"x"', 'if-modified-since': modified })).toBe(200);
    expect(await status({ 'if-match': etag })).toBe(200);
    expect(await status({ 'if-match': '"x"' })).toBe(412);
    expect(await status({ 'if-unmodified-since': past })).toBe(412);
    expect(await status({ 'if-unmodified-since': modified })).toBe(200);
    const unchanged = await get('public/open/digits.txt', { 'if-none-match': etag });
    expect(await unchanged.text()).toBe('');
    expect(unchanged.headers.get('etag')).toBe(etag);
    expect(unchanged.headers.get('cache-control')).toBe('max-age=60');

    await server.service.storage.from('open').upload('digits.txt', 'changed', {
      upsert: true,
      contentType: 'text/plain',
      cacheControl: '60',
    });
    expect(await status({ 'if-none-match': etag })).toBe(200);
    await server.service.storage.from('open').upload('digits.txt', digits, {
      upsert: true,
      contentType: 'text/plain',
      cacheControl: '60',
    });
  });

  it('name a file for saving', async () => {
    const disposition = async (query: string) =>
      (await get(`public/open/digits.txt?${query}`)).headers.get('content-disposition');
    expect(await disposition('')).toBeNull();
    expect(await disposition('download')).toBe('attachment');
    expect(await disposition('download=report.txt')).toBe(
      `attachment; filename="report.txt"; filename*=UTF-8''report.txt`,
    );
    expect(await disposition(`download=${encodeURIComponent('عقد "1".pdf')}`)).toBe(
      `attachment; filename="___ _1_.pdf"; filename*=UTF-8''%D8%B9%D9%82%D8%AF%20_1_.pdf`,
    );
    expect(await disposition('download=a%0d%0aset-cookie:x=1/../b')).toBe(
      `attachment; filename="a__set-cookie_x=1_.._b"; filename*=UTF-8''a__set-cookie_x%3D1_.._b`,
    );
    expect(await disposition('download=a&download=b')).toContain('filename="a"');
  });

  it('never let a hosted file run as a page or a script of ours', async () => {
    const files = server.service.storage.from('open');
    const page = '<script>fetch("/auth/v1/user")</script>';
    const kinds: [string, string, string, boolean][] = [
      ['page.html', 'text/html', 'text/html', true],
      ['page.xhtml', 'application/xhtml+xml', 'application/xhtml+xml', true],
      ['picture.svg', 'image/svg+xml', 'image/svg+xml', true],
      ['feed.xml', 'text/xml; charset=utf-8', 'text/xml', true],
      ['worker.js', 'text/javascript', 'text/plain; charset=utf-8', true],
      ['old.js', 'application/x-javascript', 'text/plain; charset=utf-8', true],
      ['odd', 'nonsense', 'application/octet-stream', true],
      ['pixel2.png', 'image/png', 'image/png', false],
      ['paper.pdf', 'application/pdf', 'application/pdf', false],
      ['film.mp4', 'video/mp4', 'video/mp4', false],
    ];
    for (const [name, contentType, served, sandboxed] of kinds) {
      expect((await files.upload(name, new Blob([page], { type: contentType }))).error, name).toBeNull();
      const { headers } = await get(`public/open/${name}`);
      expect(headers.get('content-type'), name).toBe(served);
      expect(headers.get('x-content-type-options'), name).toBe('nosniff');
      const policy = headers.get('content-security-policy');
      if (sandboxed) expect(policy, name).toBe("sandbox; default-src 'none'");
      else expect(policy ?? '', name).not.toContain('sandbox');
    }
  });
});
