import { AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import fc from 'fast-check';
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

describe('errors', () => {
  const config = { url: '/pay', headers: { Authorization: SECRET }, auth: { username: 'ann', password: SECRET } };
  const plain = () =>
    Object.assign(new Error('refused'), { config, request: { _header: `GET / HTTP/1.1\r\nAuthorization: ${SECRET}` } });
  const axios = () => {
    const real = {
      ...config,
      headers: new AxiosHeaders({ Authorization: `Bearer ${SECRET}` }),
    } as InternalAxiosRequestConfig;
    return new AxiosError('refused', 'ECONNREFUSED', real, plain().request);
  };
  const sayingSo = () => Object.assign(plain(), { toJSON: () => ({ message: 'refused', config }) });

  describe.each([
    ['with the request on them', plain],
    ['of axios', axios],
    ['that say themselves how they look', sayingSo],
  ])('%s', (_name, made) => {
    test.each<[string, (error: Error) => unknown[]]>([
      ['alone', (error) => [error]],
      ['with an event', (error) => [error, 'payment_failed']],
      ['as err', (error) => [{ err: error }]],
      ['under another name', (error) => [{ error }]],
      ['further down', (error) => [{ job: { failures: [error, { reason: error }] } }]],
      ['as the cause of another', (error) => [new Error('outer', { cause: error })]],
      ['among others', (error) => [new AggregateError([error], 'all failed')]],
      ['as a property of another', (error) => [Object.assign(new Error('outer'), { inner: error })]],
      ['as a value in a text', (error) => ['it failed: %j', error]],
      ['in place of a text', (error) => [{}, error]],
    ])('%s', (_place, args) => {
      const { log, raw } = memoryLog();
      Reflect.apply(log.error, log, args(made()));
      log.child({ err: made(), last: made() }).error('bound');
      expect(raw).toHaveLength(2);
      expect(raw.join()).toContain('refused');
      expect(raw.join()).not.toContain(SECRET);
    });
  });

  test('keep type, message, stack and their harmless properties', () => {
    const { log, line } = memoryLog();
    log.child({ job: 7 }).error({ err: plain() });
    expect(line()).toMatchObject({
      err: {
        type: 'Error',
        message: 'refused',
        stack: expect.any(String),
        config: { url: '/pay', auth: { username: 'ann' } },
      },
    });
  });

  test('that are bound keep them too', () => {
    const { log, line } = memoryLog();
    log.child({ err: plain() }).info('x');
    expect(line()['err']).toMatchObject({
      type: 'Error',
      message: 'refused',
      config: { headers: { Authorization: '[redacted]' } },
    });
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

describe('whatever is logged', () => {
  const secretName = fc.constantFrom(
    'password',
    'Authorization',
    'access_token',
    'x-api-key',
    'Set-Cookie',
    'clientSecret',
  );
  const plainName = fc.string({ maxLength: 4 });
  const secret = fc.constantFrom<unknown>(SECRET, [SECRET], { value: SECRET }, new Map([['a', SECRET]]));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 8 },
      fc.jsonValue({ maxDepth: 1 }),
      tie('object'),
      tie('list'),
      tie('error'),
      tie('speaking'),
      tie('instance'),
    ),
    object: fc
      .tuple(fc.dictionary(plainName, tie('tree'), { maxKeys: 3 }), fc.dictionary(secretName, secret, { maxKeys: 2 }))
      .map(([open, closed]) => ({ ...open, ...closed })),
    list: fc.array(tie('tree'), { maxLength: 3 }),
    error: tie('object').map((members) => Object.assign(new Error('e'), members)),
    speaking: tie('tree').map((json) => ({ toJSON: () => json })),
    instance: tie('object').map((members) => Object.assign(Object.create({ password: SECRET }), members)),
  }));

  test('no secret is ever in a line, whether in fields, bindings, errors or arguments', () => {
    fc.assert(
      fc.property(tree, tree, (first, second) => {
        const { log, raw } = memoryLog();
        log.child({ bound: first, err: second }).info({ first, err: first }, 'x %j', second as string);
        log.error(Object.assign(new Error('e'), { first }), second as string);
        expect(raw).toHaveLength(2);
        expect(raw.join()).not.toContain(SECRET);
      }),
      { numRuns: 1000 },
    );
  });
});
