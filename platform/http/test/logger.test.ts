import { Writable } from 'node:stream';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createHttpServer, createLogger, redactSecrets, redactText } from '../src/index.ts';

function capture() {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, log: createLogger('debug', { destination }), text: () => lines.join('') };
}

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

test.each([
  `/rest/v1/contacts?apikey=${jwt}&select=id`,
  '/functions/v1/x?access_token=EAAB123456&hub.verify_token=s3cr3t',
  `Authorization: Bearer ${jwt}`,
  'connect postgres://app:hunter2@db.example:5432/app failed',
  'key cg_abc123def456ghi789 is unknown',
  'body was {"email":"a@b.test","password":"hunter2","client_secret":"s3cr3t"}',
  'body was {\\"password\\":\\"hunter2\\"}',
])('a secret in text is taken out: %s', (text) => {
  const clean = redactText(text);
  expect(clean).not.toMatch(/hunter2|s3cr3t|EAAB|dozjg|abc123def/);
  expect(clean).toContain('[redacted]');
});

test.each([
  '/rest/v1/contacts?select=id,tokenized&limit=5',
  'message sent in 5 ms',
  'The secret of a good inbox is order.',
  'monkey: 5',
])('ordinary text is left alone: %s', (text) => expect(redactText(text)).toBe(text));

test('fields with the names of secrets are taken out at any depth, in any spelling', () => {
  const clean = redactSecrets({
    channel: {
      config: [{ access_token: 'a', appSecret: 'b', 'x-api-key': 'c', phone_number_id: '5', webhook_secret: null }],
    },
    headers: { Authorization: 'd', accept: 'e' },
    has_password: true,
  });
  expect(clean).toEqual({
    channel: {
      config: [
        {
          access_token: '[redacted]',
          appSecret: '[redacted]',
          'x-api-key': '[redacted]',
          phone_number_id: '5',
          webhook_secret: null,
        },
      ],
    },
    headers: { Authorization: '[redacted]', accept: 'e' },
    has_password: true,
  });
});

test('errors are logged with their causes and without secrets', () => {
  const { log, text } = capture();
  const cause = Object.assign(new Error(`401 for ${jwt}`), {
    config: { headers: { Authorization: 'Bearer abcdefghijkl' } },
  });
  log.error({ err: new Error('send failed, password=hunter2', { cause }) }, 'could not send with token: s3cr3t');
  expect(text()).toMatch(/send failed/);
  expect(text()).toMatch(/could not send/);
  expect(text()).not.toMatch(/hunter2|s3cr3t|dozjg|abcdefghijkl/);
});

test('an error does not drag the connection it came from into the log', () => {
  const { log, text } = capture();
  class Client {
    connectionParameters = { user: 'app', host: 'db.internal' };
  }
  const error = Object.assign(new Error('connection lost'), { client: new Client(), code: '57P01' });
  log.warn({ err: error }, 'lost');
  log.warn({ err: new Error('could not save', { cause: error }) }, 'lost');
  expect(text().match(/57P01/g)).toHaveLength(2);
  expect(text()).not.toMatch(/db\.internal/);
});

test('a child logger keeps secrets out of its bindings', () => {
  const { log, text } = capture();
  log.child({ account: { name: 'shop', token: 's3cr3t' } }).info('hello');
  expect(text()).toMatch(/shop/);
  expect(text()).not.toMatch(/s3cr3t/);
});

test('every line stays JSON, whatever is logged', () => {
  const { log, lines } = capture();
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('token', 'password', 'a', 'apikey', 'note'), fc.jsonValue()),
      fc.string(),
      (fields, message) => {
        lines.length = 0;
        log.info(fields, message);
        expect(() => JSON.parse(lines.join(''))).not.toThrow();
      },
    ),
  );
  for (const message of [
    '"password": "x"',
    'token=5}',
    '{"secret":12}',
    '\\"token\\":\\"x\\"',
    'bearer "abcdefghijk"',
  ]) {
    lines.length = 0;
    log.info({ note: message }, message);
    expect(() => JSON.parse(lines.join(''))).not.toThrow();
  }
});

const { log, lines } = capture();
const app = createHttpServer({ log });
app.post('/login', async () => {
  throw new Error('the mailer said no to password=hunter2');
});
afterEach(() => {
  lines.length = 0;
});

test('requests are logged with id, route and status, never with headers or bodies', async () => {
  const response = await app.inject({
    method: 'POST',
    url: '/login?token=s3cr3t',
    headers: { authorization: `Bearer ${jwt}`, apikey: jwt, 'x-request-id': 'trace-12345' },
    payload: { password: 'hunter2' },
  });
  expect(response.headers['x-request-id']).toBe('trace-12345');
  const access = lines.map((line): Record<string, unknown> => JSON.parse(line)).find(({ msg }) => msg === 'request');
  expect(access).toMatchObject({
    request_id: 'trace-12345',
    method: 'POST',
    route: '/login',
    status: 500,
    url: '/login?token=[redacted]',
  });
  expect(lines.join('')).not.toMatch(/hunter2|s3cr3t|dozjg/);
});
