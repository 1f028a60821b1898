import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { Cleaner } from '../../src/logs/redaction.js';
import { memoryLog } from '../support/memory-log.js';

const SECRET = 'S3CR3T';
const clean = (fields: Record<string, unknown>, names: string[] = []) => new Cleaner(names).line(fields, () => false);

describe('names of secrets', () => {
  test.each([
    'authorization',
    'Authorization',
    'proxy-authorization',
    'cookie',
    'set-cookie',
    'Set-Cookie',
    'password',
    'user_password',
    'passwd',
    'pwd',
    'passphrase',
    'secret',
    'client_secret',
    'clientSecret',
    'token',
    'access_token',
    'refreshToken',
    'X-Auth-Token',
    'apiKey',
    'x-api-key',
    'api_key',
    'private_key',
    'secretKey',
    'access key',
    'credentials',
    'credential',
    'jwt',
    'id.token',
  ])('%s', (name) => {
    expect(clean({ [name]: SECRET, other: 1 })).toEqual({ [name]: '[redacted]', other: 1 });
  });

  test.each([
    'max_tokens',
    'tokens',
    'tokenizer',
    'token_type',
    'secretary',
    'passwordless',
    'cookie_banner',
    'keyboard',
    'author',
    'pin',
  ])('not %s', (name) => {
    const fields = { [name]: 5 };
    expect(clean(fields)).toBe(fields);
  });

  test('max_tokens: 5 is written as it is', () => {
    const { log, line } = memoryLog();
    log.info({ max_tokens: 5, request: { max_tokens: 5 } });
    expect(line()).toMatchObject({ max_tokens: 5, request: { max_tokens: 5 } });
  });

  test('further ones can be named; case, dash, underscore, dot and blank make no difference', () => {
    for (const name of ['ssn', 'SSN', 's-s_n', 's.s n']) {
      expect(clean({ [name]: SECRET, deep: [{ [name]: SECRET }] }, ['Ssn'])).toEqual({
        [name]: '[redacted]',
        deep: [{ [name]: '[redacted]' }],
      });
    }
    expect(clean({ session: 1 }, ['ssn'])).toEqual({ session: 1 });
  });

  test.each([true, false, null, undefined])('%s under such a name tells nothing and stays', (value) => {
    expect(clean({ password: value })).toEqual({ password: value });
  });

  test.each([12345, SECRET, { nested: SECRET }, [SECRET], new Date(0)])(
    'a value of any kind is redacted whole: case %#',
    (value) => {
      expect(clean({ a: { password: value } })).toEqual({ a: { password: '[redacted]' } });
    },
  );

  test('are told rightly however many names there were', () => {
    const cleaner = new Cleaner();
    for (let i = 0; i < 12_000; i++) cleaner.line({ [`f${i}`]: 1 }, () => false);
    expect(cleaner.line({ token: 't', f1: 1 }, () => false)).toEqual({ token: '[redacted]', f1: 1 });
  });
});

describe('what is logged stays as it was', () => {
  test('a line without a finding is not copied', () => {
    const fields = { a: 1, b: { c: [1, { d: 2 }] }, at: new Date(0), bytes: Buffer.from('a') };
    expect(clean(fields)).toBe(fields);
  });

  test('only what changes is copied', () => {
    const untouched = { a: 1 };
    const fields = Object.freeze({ untouched, login: Object.freeze({ user: 'ann', password: SECRET }) });
    const cleaned = clean(fields) as typeof fields;
    expect(cleaned.untouched).toBe(untouched);
    expect(fields.login.password).toBe(SECRET);
  });
});

describe('what is too large to look at is not let through unseen', () => {
  test('too deep', () => {
    const deep = (levels: number): unknown => (levels === 0 ? { password: SECRET } : { down: deep(levels - 1) });
    expect(JSON.stringify(clean({ deep: deep(4) }))).toContain('"password":"[redacted]"');
    const cut = JSON.stringify(clean({ deep: deep(40) }));
    expect(cut).toContain('[too large]');
    expect(cut).not.toContain(SECRET);
  });

  test('too many, in one line', () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ i, password: SECRET }));
    const cleaned = JSON.stringify(clean({ many }));
    expect(cleaned).toContain('[too large]');
    expect(cleaned).not.toContain(SECRET);
  });

  test('and the next line has its own measure', () => {
    const cleaner = new Cleaner();
    cleaner.line({ many: Array.from({ length: 5000 }, () => ({})) }, () => false);
    const next = { a: { b: 1 } };
    expect(cleaner.line(next, () => false)).toBe(next);
  });
});

describe('objects that say themselves how they look', () => {
  test('are cleaned of what they say', () => {
    class Account {
      readonly #token = SECRET;
      toJSON() {
        return { id: 7, token: this.#token };
      }
    }
    expect(JSON.stringify(clean({ account: new Account() }))).toBe('{"account":{"id":7,"token":"[redacted]"}}');
  });

  test('that give themselves, or what speaks again, are not asked twice', () => {
    const self = { password: SECRET, toJSON: () => self as unknown };
    const again = { toJSON: () => ({ password: SECRET, toJSON: () => SECRET }) };
    expect(JSON.stringify(clean({ self, again }))).toBe(
      '{"self":{"password":"[redacted]"},"again":{"password":"[redacted]"}}',
    );
  });

  test('are written as they say', () => {
    const { log, line } = memoryLog();
    log.info({ at: new Date(0), url: new URL('http://a/b'), bytes: Buffer.from('a'), none: { toJSON: () => null } });
    expect(line()).toMatchObject({
      at: '1970-01-01T00:00:00.000Z',
      url: 'http://a/b',
      bytes: { type: 'Buffer' },
      none: null,
    });
  });
});

describe('an error that stands elsewhere than under err', () => {
  const error = Object.assign(new RangeError('too far', { cause: new Error('the wind') }), { code: 'E_FAR' });
  const shown = {
    type: 'RangeError',
    message: 'too far: the wind',
    stack: expect.stringMatching(/^RangeError: too far\n[\s\S]*caused by: Error: the wind/),
    code: 'E_FAR',
  };

  test('is shown as under err, at any depth', () => {
    const { log, line } = memoryLog();
    log.error({ err: error, error, results: [{ reason: error }] }, 'failed');
    expect(line()).toMatchObject({ err: shown, error: shown, results: [{ reason: shown }] });
  });

  test('is shown though it is of another realm, as in a test runner', () => {
    const { log, line } = memoryLog();
    log.info({ error: runInNewContext("new TypeError('elsewhere')") });
    expect(line()['error']).toMatchObject({ type: 'TypeError', message: 'elsewhere' });
  });

  test('is shown in bindings, and none of its secrets is', () => {
    const { log, line, raw } = memoryLog();
    log.child({ last: Object.assign(new Error('no'), { headers: { cookie: SECRET } }) }).info('x');
    expect(line()['last']).toMatchObject({ type: 'Error', message: 'no', headers: { cookie: '[redacted]' } });
    expect(raw.join()).not.toContain(SECRET);
  });

  test('that says itself what JSON shows of it is left to do so', () => {
    const { log, line } = memoryLog();
    log.info({ failure: Object.assign(new Error('no'), { toJSON: () => ({ status: 503 }) }) });
    expect(line()['failure']).toEqual({ status: 503 });
  });
});
