import { describe, expect, test } from 'vitest';
import { inRequest } from '../support/contexts.js';
import { dropsIn, hearing } from '../support/ledger.js';
import { memoryLog } from '../support/memory-log.js';

const notices = hearing();

describe('a line', () => {
  test('says when, how bad, what, of which process, and then the fields', () => {
    const { log, raw } = memoryLog();
    log.info({ user_id: 7 }, 'user_login');
    expect(raw).toEqual([
      '{"level":"info","timestamp":"2026-01-01T00:00:00.000Z","service":"shop","version":"1.2.3","environment":"test","user_id":7,"event":"user_login"}\n',
    ]);
  });

  test('written in a request carries its IDs', () => {
    const { log, line } = memoryLog();
    inRequest('r-1', () => log.info('x'));
    expect(line()).toMatchObject({ correlation_id: 'r-1', trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16) });
  });

  test('written outside of any request has no IDs', () => {
    const { log, line } = memoryLog();
    log.info('x');
    expect(Object.keys(line())).toEqual(['level', 'timestamp', 'service', 'version', 'environment', 'event']);
  });

  test('carries the IDs of its own request, when requests and loggers take turns', () => {
    const { log, lines } = memoryLog();
    const [child, module] = [log.child({ a: 1 }), log.module('m')];
    for (const id of ['r-1', 'r-2', 'r-1']) {
      inRequest(id, () => {
        for (const logger of [log, child, log, module]) logger.info({ id }, 'x');
      });
    }
    expect(lines()).toHaveLength(12);
    for (const line of lines()) expect(line['correlation_id']).toBe(line['id']);
  });
});

describe('what can be logged', () => {
  test.each([
    ['a text', ['hello'], { event: 'hello' }],
    ['a text with values', ['%s took %d ms %j', 'job', 12, { a: 1 }], { event: 'job took 12 ms {"a":1}' }],
    ['fields and a text with values', [{ a: 1 }, '%s!', 'done'], { a: 1, event: 'done!' }],
    ['fields alone', [{ a: 1 }], { a: 1 }],
    [
      'values of every kind',
      [{ n: null, t: true, l: [1, 'a'], o: { d: new Date(0) }, big: 2n }],
      {
        n: null,
        t: true,
        l: [1, 'a'],
        o: { d: '1970-01-01T00:00:00.000Z' },
        big: 2,
      },
    ],
    ['no number as null', [{ a: Number.NaN, b: Number.POSITIVE_INFINITY }], { a: null, b: null }],
  ])('%s', (_name, args, fields) => {
    const { log, line } = memoryLog();
    Reflect.apply(log.info, log, args);
    const { level: _, timestamp: __, service: ___, version: ____, environment: _____, ...rest } = line();
    expect(rest).toEqual(fields);
  });

  test.each([[[]], [[undefined]], [[null]], [[undefined, 'x']], [[null, 'x']], [[{}]], [[() => 1]], [[42]]])(
    'nothing much is a line too: case %#',
    (args) => {
      const { log, lines } = memoryLog();
      Reflect.apply(log.warn, log, args);
      expect(lines()).toEqual([expect.objectContaining({ level: 'warn' })]);
    },
  );

  test('an error, with its type, message and stack, and its message as the event', () => {
    const { log, line } = memoryLog();
    log.error(new TypeError('wrong', { cause: new Error('root') }));
    expect(line()).toMatchObject({ event: 'wrong', err: { type: 'TypeError', message: 'wrong: root' } });
    expect((line()['err'] as { stack: string }).stack).toMatch(/^TypeError: wrong\n.*caused by: Error: root/s);
  });

  test('an error with another event, or as the field err among others', () => {
    const { log, lines } = memoryLog();
    log.error(new Error('wrong'), 'payment_failed');
    log.error({ err: new Error('wrong'), order: 7 }, 'payment_failed');
    expect(lines()).toMatchObject([
      { event: 'payment_failed', err: { message: 'wrong' } },
      { event: 'payment_failed', err: { message: 'wrong' }, order: 7 },
    ]);
  });
});

describe('a line is one physical line', () => {
  const nasty = 'a\nb\r\n{"level":"fatal"}\u001b[2J\u0000\u2028"\\';

  test('whatever its fields, their names, bindings, module, event and values hold', () => {
    const { log, raw, lines } = memoryLog();
    log.info({ [nasty]: nasty, list: [nasty] }, nasty);
    log.child({ [nasty]: nasty }).info('%s', nasty);
    log.module(nasty).error(new Error(nasty));
    expect(lines()).toHaveLength(3);
    for (const line of raw) {
      expect(line.endsWith('}\n')).toBe(true);
      expect([...line.slice(0, -1)].filter((letter) => letter < ' ')).toEqual([]);
    }
    expect(lines()[0]).toMatchObject({ [nasty]: nasty, event: nasty });
  });
});

describe('what cannot be read', () => {
  const throwing = {
    get user() {
      throw new Error('lazy');
    },
  };
  const trap = () => {
    throw new Error('trap');
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();

  test.each([
    ['a getter that throws', throwing],
    ['one further down', { a: [{ b: throwing }] }],
    ['a proxy whose traps throw', new Proxy({}, { ownKeys: trap, get: trap, has: trap, getPrototypeOf: trap })],
    ['a proxy that was revoked', revoked.proxy],
    ['one further down', { a: { b: revoked.proxy } }],
    ['a toJSON that throws', { a: { toJSON: trap } }],
  ])('%s does not throw: it is counted and told', (_name, fields) => {
    const { log } = memoryLog();
    const counted = dropsIn('a logged value', 'threw', () => {
      log.info(fields, 'x');
      inRequest('r-1', () => log.child({ a: 1 }).info(fields, 'x'));
    });
    expect(counted).toBe(2);
    expect(notices).toHaveLength(1);
  });

  test('what goes round in circles is cut, and the line is written', () => {
    const { log, line } = memoryLog();
    const circle: Record<string, unknown> = { name: 'ring' };
    circle['self'] = circle;
    log.info({ circle }, 'x');
    expect(line()).toMatchObject({ circle: { name: 'ring', self: { name: 'ring' } }, event: 'x' });
  });

  test('the logger goes on working after it', () => {
    const { log, line } = memoryLog();
    log.info(throwing);
    log.info({ a: 1 }, 'after');
    expect(line()).toMatchObject({ a: 1, event: 'after' });
  });
});

describe('a new set-up', () => {
  test('is followed by all loggers made before: root, children, modules, and within a request', () => {
    const { log, lines, setUpAgain } = memoryLog();
    const loggers = [log, log.child({ a: 1 }), log.child({ a: 1 }).child({ b: 2 }), log.module('m')];
    inRequest('r-1', () => {
      for (const logger of loggers) logger.info('before');
      setUpAgain('bakery');
      for (const logger of loggers) logger.info('after');
    });
    for (const logger of loggers) logger.info('after');
    const services = (event: string) =>
      lines()
        .filter((line) => line['event'] === event)
        .map((line) => line['service']);
    expect(services('before')).toEqual(Array(4).fill('shop'));
    expect(services('after')).toEqual(Array(8).fill('bakery'));
  });
});

describe('for tools that expect a pino logger', () => {
  test('bindings can be read and set, and do not leak to other loggers', () => {
    const { log, line } = memoryLog();
    const child = log.child({ a: 1 });
    child.bindings()['a'] = 9;
    child.setBindings({ b: 2 });
    expect(child.bindings()).toEqual({ a: 1, b: 2 });
    expect(log.bindings()).toEqual({});
    child.info('x');
    expect(line()).toMatchObject({ a: 1, b: 2 });
  });

  test('methods can be taken off the logger', () => {
    const { log, line } = memoryLog();
    const { info } = log.child({ a: 1 });
    info('x');
    expect(line()).toMatchObject({ a: 1, event: 'x' });
  });

  test('a prefix for messages is kept', () => {
    const { log, line } = memoryLog();
    log.child({}, { msgPrefix: '[db] ' }).child({}).info('open');
    expect(line()['event']).toBe('[db] open');
  });
});
