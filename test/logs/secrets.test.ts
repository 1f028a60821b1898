import { AxiosError, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryLog } from '../support/memory-log.js';

const SECRET = 'S3CR3T';

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
      { numRuns: 500 },
    );
  });
});
