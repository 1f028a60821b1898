import { describe, expect, expectTypeOf, test } from 'vitest';
import { DependencyRegistry } from '../../src/signals/dependencies-registry.js';
import { manualClock } from '../../src/testing/manual-clock.js';

function postgres() {
  const clock = manualClock();
  const registry = new DependencyRegistry(clock);
  const db = registry.dependency('postgres');
  return { clock, db, registry, signals: () => registry.signals()['postgres'], series: () => registry.series()[0] };
}

describe('time', () => {
  test('a sync call is timed and its result is given back', () => {
    const { clock, db, signals } = postgres();
    const result = db.time('parse', () => {
      clock.advance(250);
      return 'value';
    });
    expect(result).toBe('value');
    expect(signals()).toMatchObject({ latency: { count: 1, max: 0.25, mean: 0.25 }, inFlight: 0 });
  });

  test('an async call is timed until its result is there, and is in flight until then', async () => {
    const { clock, db, signals } = postgres();
    let finish = (_: number): void => undefined;
    const pending = db.time('select_user', () => new Promise<number>((resolve) => (finish = resolve)));
    clock.advance(400);
    expect(signals()).toMatchObject({ inFlight: 1, latency: { count: 0, max: null } });
    finish(7);
    expect(await pending).toBe(7);
    expect(signals()).toMatchObject({ inFlight: 0, latency: { count: 1, max: 0.4 }, traffic: { total: 1 } });
  });

  test('percentiles need twenty calls', () => {
    const { clock, db, signals } = postgres();
    for (let i = 0; i < 19; i++) void db.time('select', () => void clock.advance(10));
    expect(signals()?.latency.p99).toBeNull();
    void db.time('select', () => void clock.advance(10));
    expect(signals()?.latency.p99).toBeCloseTo(0.01, 4);
  });

  test.each([
    [
      'sync',
      (cause: unknown) => {
        throw cause;
      },
    ],
    ['async', (cause: unknown) => Promise.reject(cause)],
  ])('an error of a %s call is thrown on as it is, and counted by its code, else its name', async (_, fail) => {
    const { db, signals, series } = postgres();
    const causes = [
      Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
      new TypeError('x'),
      Object.assign(new Error('numeric'), { code: 11000 }),
      Object.assign(new Error('long'), { code: 'a sentence, and no code at all' }),
      'a text',
      undefined,
    ];
    for (const cause of causes) {
      const caught = await Promise.resolve()
        .then(() => db.time<unknown>('select', () => fail(cause)))
        .then(
          () => 'none',
          (thrown: unknown) => thrown,
        );
      expect(caught).toBe(cause);
    }
    expect(signals()?.errors).toEqual({
      ratio: 1,
      count: 6,
      byType: { ECONNREFUSED: 1, TypeError: 1, Error: 2, string: 1, undefined: 1 },
      aborted: 0,
    });
    expect([...(series()?.durations.get('select')?.keys() ?? [])].sort()).toEqual([
      'ECONNREFUSED',
      'Error',
      'TypeError',
      'string',
      'undefined',
    ]);
  });

  test('a call that was given up is no success, no error and no latency; one that timed out is an error', async () => {
    const { db, signals } = postgres();
    const rejecting = (name: string) =>
      db.time('select', () => Promise.reject(Object.assign(new Error('x'), { name })));
    await rejecting('AbortError').catch(() => undefined);
    expect(signals()).toMatchObject({
      inFlight: 0,
      latency: { count: 0 },
      errors: { ratio: null, count: 0, aborted: 1 },
    });
    await rejecting('TimeoutError').catch(() => undefined);
    expect(signals()).toMatchObject({
      latency: { count: 1 },
      errors: { ratio: 1, byType: { TimeoutError: 1 }, aborted: 1 },
    });
    expect(signals()?.traffic.total).toBe(2);
  });

  test('a query builder, which runs each time its then is called, runs once', async () => {
    const { db, signals } = postgres();
    let runs = 0;
    const builder: PromiseLike<string> = {
      // biome-ignore lint/suspicious/noThenProperty: this is what query builders are
      then: (resolve, reject) => {
        runs++;
        return Promise.resolve('rows').then(resolve, reject);
      },
    };
    const promise = db.time('select', () => builder);
    expect(await promise).toBe('rows');
    expect(await promise).toBe('rows');
    expect(runs).toBe(1);
    expect(signals()?.latency.count).toBe(1);
  });

  test('a rejection that nobody handles stays unhandled, and one that is handled is handled', async () => {
    const { db } = postgres();
    const unhandled: unknown[] = [];
    const listener = (cause: unknown) => unhandled.push(cause);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', listener);
    const [lost, caught] = [new Error('lost'), new Error('caught')];
    void db.time('select', () => Promise.reject(lost));
    db.time('select', () => Promise.reject(caught)).catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    for (const other of others) process.on('unhandledRejection', other);
    expect(unhandled).toEqual([lost]);
  });

  test('the types follow the function: a promise for what is awaited like one, the value itself else', () => {
    const { db } = postgres();
    expectTypeOf(db.time('a', () => 7)).toEqualTypeOf<number>();
    expectTypeOf(db.time('a', async () => 7)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(db.time('a', (): PromiseLike<string> => Promise.resolve('x'))).toEqualTypeOf<Promise<string>>();
  });
});

test('what happened over a minute ago is in the totals and in no window', () => {
  const { clock, db, signals, series } = postgres();
  void db.time('select', () => void clock.advance(5));
  clock.advance(65_000);
  expect(signals()).toMatchObject({ latency: { count: 0, max: null }, traffic: { requestsPerSecond: 0, total: 1 } });
  expect(series()?.durations.get('select')?.get('ok')).toMatchObject({ count: 1, sum: 0.005 });
});

test('rates are over the seconds that the window really covers', () => {
  const { clock, db, signals } = postgres();
  for (let i = 0; i < 30; i++) void db.time('select', () => undefined);
  clock.advance(15_000);
  expect(signals()?.traffic.requestsPerSecond).toBe(2);
});
