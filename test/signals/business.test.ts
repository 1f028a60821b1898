import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { counter, declarations, gauge, timer } from '../../src/signals/business.js';
import { MetricError } from '../../src/signals/business-declaration.js';
import type { Counter } from '../../src/signals/business-instruments.js';
import { BusinessMetrics } from '../../src/signals/business-registry.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { dropsIn, hearing } from '../support/ledger.js';

const notices = hearing();

const ORDERS = { unit: '{order}', action: 'falls: check the payment provider' };
const WAIT = { unit: 's', action: 'rises: add a worker' };

function fresh() {
  const clock = manualClock();
  const metrics = new BusinessMetrics(clock);
  const series = () => metrics.declarations()[0]?.series ?? [];
  const values = () =>
    Object.fromEntries(series().map(({ attributes, value }) => [Object.values(attributes).join('/'), value]));
  return { clock, metrics, series, values };
}

describe('a declaration', () => {
  test('is listed with its kind, unit, action, closed sets and series', () => {
    const { metrics } = fresh();
    const orders = metrics.counter('orders.placed', { ...ORDERS, attributes: { plan: ['free', 'pro'] } });
    orders.add(2, { plan: 'pro' });
    metrics.gauge('carts.open', { unit: '{cart}', action: 'rises: checkout is stuck' }).set(7);
    metrics.timer('delivery.wait', WAIT).record(0.2);
    expect(metrics.declarations()).toMatchObject([
      {
        name: 'orders.placed',
        kind: 'counter',
        ...ORDERS,
        attributes: { plan: ['free', 'pro'] },
        series: [{ attributes: { plan: 'pro' }, value: 2, durations: undefined }],
      },
      { name: 'carts.open', kind: 'gauge', attributes: {}, series: [{ attributes: {}, value: 7 }] },
      { name: 'delivery.wait', kind: 'timer', unit: 's', series: [{ durations: { count: 1, sum: 0.2 } }] },
    ]);
  });

  test.each([
    ['unit', { action: 'x' }, 'unit is missing'],
    ['unit', { unit: '', action: 'x' }, 'unit must be 1 to 63 ASCII characters'],
    ['unit', { unit: 'a b', action: 'x' }, 'unit must be'],
    ['action', { unit: '1' }, 'action is missing: what does someone do when it moves?'],
    ['action', { unit: '1', action: '  ' }, 'action must be a text'],
    ['attributes', { ...ORDERS, attributes: ['plan'] }, "as { plan: ['free', 'pro'] }"],
    ['a set', { ...ORDERS, attributes: { plan: [] } }, 'attribute "plan" needs a list of 1 to 100 different texts'],
    ['a set', { ...ORDERS, attributes: { plan: ['a', 'a'] } }, 'different texts'],
    ['a set', { ...ORDERS, attributes: { plan: [7] } }, 'different texts'],
    ['a set', { ...ORDERS, attributes: { 'my plan': ['a'] } }, 'attribute "my plan" must be letters'],
    [
      'too many',
      { ...ORDERS, attributes: { a: ['1'], b: ['1'], c: ['1'], d: ['1'], e: ['1'], f: ['1'] } },
      'at most 5',
    ],
    ['buckets', { ...ORDERS, buckets: [1] }, 'buckets are for timers'],
    ['options', undefined, 'unit is missing; action is missing'],
    ['options', null, 'unit is missing; action is missing'],
  ])('with a wrong %s throws what is wrong and how it is written', (_, options, message) => {
    const { metrics } = fresh();
    const declare = () => metrics.counter('orders', options as never);
    expect(declare).toThrow(MetricError);
    expect(declare).toThrow(message);
    expect(declare).toThrow("Write: counter('orders.placed', { unit: '{order}', action:");
    expect(metrics.declarations()).toEqual([]);
  });

  test.each(['', '9lives', 'a b', 'a-b', 'x'.repeat(101), 'käse'])('named %j is refused', (name) => {
    expect(() => fresh().metrics.gauge(name, ORDERS)).toThrow('the name must be letters, digits');
  });

  test('of a timer must be in seconds, with rising buckets', () => {
    const { metrics } = fresh();
    expect(() => metrics.timer('wait', { ...WAIT, unit: 'ms' })).toThrow(
      'unit must be "s", as a timer counts seconds, got "ms"',
    );
    for (const buckets of [[], [1, 1], [2, 1], [0, 1], [Number.NaN], [1, Number.POSITIVE_INFINITY]])
      expect(() => metrics.timer('wait', { ...WAIT, buckets })).toThrow('rising numbers of seconds');
    metrics.timer('wait', { ...WAIT, buckets: [0.5, 1] }).record(0.7);
    expect([...(metrics.declarations()[0]?.series[0]?.durations?.counts ?? [])]).toEqual([0, 1, 0]);
  });

  test('made again in the same way gives the same one, whatever the order of attributes and values', () => {
    const { metrics } = fresh();
    const first = metrics.counter('orders', { ...ORDERS, attributes: { plan: ['free', 'pro'], region: ['eu'] } });
    const again = metrics.counter('orders', { ...ORDERS, attributes: { region: ['eu'], plan: ['pro', 'free'] } });
    expect(again).toBe(first);
    expect(metrics.declarations()).toHaveLength(1);
  });

  test.each([
    ['another unit', { ...ORDERS, unit: '1' }],
    ['another action', { ...ORDERS, action: 'nothing' }],
    ['other attributes', { ...ORDERS, attributes: { plan: ['free'] } }],
  ])('made again with %s is refused', (_, options) => {
    const { metrics } = fresh();
    metrics.counter('orders', ORDERS);
    expect(() => metrics.counter('orders', options)).toThrow('declared before in another way');
  });

  test('made again as another kind, or under a name that Prometheus takes for the same, is refused', () => {
    const { metrics } = fresh();
    metrics.counter('orders.placed', ORDERS);
    expect(() => metrics.gauge('orders.placed', ORDERS)).toThrow('another way');
    expect(() => metrics.counter('orders_placed', ORDERS)).toThrow('"orders.placed" has the same name in Prometheus');
  });

  test('is the last of fifty; one more is refused with what to do', () => {
    const { metrics } = fresh();
    for (let i = 0; i < 50; i++) metrics.counter(`m${i}`, ORDERS);
    expect(() => metrics.counter('m50', ORDERS)).toThrow('50 metrics are declared already');
    expect(metrics.counter('m7', ORDERS)).toBeDefined();
  });

  test('does not change when its caller changes its own object', () => {
    const { metrics, values } = fresh();
    const plans = ['free', 'pro'];
    const orders = metrics.counter('orders', { ...ORDERS, attributes: { plan: plans } });
    plans.push('gold');
    orders.add(1, { plan: 'gold' });
    expect(values()).toEqual({ _other: 1 });
    expect(metrics.declarations()[0]?.attributes).toEqual({ plan: ['free', 'pro'] });
  });
});

describe('what is recorded', () => {
  test('is kept by attribute values, and adds up', () => {
    const { metrics, values } = fresh();
    const orders = metrics.counter('orders', {
      ...ORDERS,
      attributes: { plan: ['free', 'pro'], region: ['eu', 'us'] },
    });
    orders.add(1, { plan: 'free', region: 'eu' });
    orders.add(2.5, { region: 'eu', plan: 'free' });
    orders.add(1, { plan: 'pro', region: 'us' });
    expect(values()).toEqual({ 'free/eu': 3.5, 'pro/us': 1 });
  });

  test('without an amount counts one, and a counter that nobody touched stands at 0', () => {
    const { metrics, values } = fresh();
    const orders = metrics.counter('orders', ORDERS);
    expect(values()).toEqual({ '': 0 });
    orders.add();
    expect(values()).toEqual({ '': 1 });
  });

  test.each([
    ['a value outside of its set', { plan: 'gold' }, 'value_undeclared'],
    ['a value that is no text', { plan: 7 }, 'value_undeclared'],
    ['a value that every object has', { plan: 'toString' }, 'value_undeclared'],
    ['no value', {}, 'value_undeclared'],
    ['no attributes', undefined, 'value_undeclared'],
    ['null', null, 'value_undeclared'],
  ])('with %s counts as _other, and is counted and told', (_, attributes, reason) => {
    const { metrics, values } = fresh();
    const orders = metrics.counter('orders', { ...ORDERS, attributes: { plan: ['free', 'pro'] } });
    expect(dropsIn('business', reason, () => orders.add(1, attributes as never))).toBe(1);
    expect(values()).toEqual({ _other: 1 });
    expect(notices[0]?.message).toContain('metric "orders"');
  });

  test('with an attribute that was not declared counts without it', () => {
    const { metrics, values } = fresh();
    const orders = metrics.counter('orders', { ...ORDERS, attributes: { plan: ['free'] } });
    const given = { plan: 'free', user: '42' } as { plan: 'free' };
    expect(dropsIn('business', 'attribute_undeclared', () => orders.add(1, given))).toBe(1);
    expect(values()).toEqual({ free: 1 });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1, '5', null, {}, 5n, Symbol('x')])(
    'as %s is dropped and counted, and never throws',
    (value) => {
      const { metrics, series } = fresh();
      const [orders, wait] = [metrics.counter('orders', ORDERS), metrics.timer('wait', WAIT)];
      const dropped = dropsIn('business', 'no_number', () => {
        orders.add(value as number);
        wait.record(value as number);
      });
      expect(dropped).toBe(2);
      expect(series()[0]?.value).toBe(0);
    },
  );

  test('that is none is told with the name of the metric and what it takes', () => {
    fresh().metrics.counter('orders', ORDERS).add(-1);
    expect(notices[0]?.message).toContain('metric "orders" was given -1 and takes a number from 0');
  });

  test('by a gauge is what it was last set to, below zero too', () => {
    const { metrics, values } = fresh();
    const open = metrics.gauge('open', ORDERS);
    expect(values()).toEqual({});
    open.set(7);
    open.set(-2);
    expect(values()).toEqual({ '': -2 });
    expect(dropsIn('business', 'no_number', () => open.set(Number.NaN))).toBe(1);
    expect(values()).toEqual({ '': -2 });
  });

  test('by a timer is how long its function took, sync or async, whether it failed or not', async () => {
    const { clock, metrics, series } = fresh();
    const wait = metrics.timer('wait', WAIT);
    const taking = (): string => {
      clock.advance(100);
      return 'x';
    };
    expect(wait.time(taking)).toBe('x');
    const later = wait.time(async () => 'y');
    clock.advance(200);
    expect(await later).toBe('y');
    const fail = (): never => {
      clock.advance(300);
      throw new Error('gone');
    };
    expect(() => wait.time(fail)).toThrow('gone');
    await expect(wait.time(() => Promise.reject(new Error('late')))).rejects.toThrow('late');
    expect(series()[0]?.durations).toMatchObject({ count: 4 });
    expect(series()[0]?.durations?.sum).toBeCloseTo(0.6, 9);
  });

  test('adds up over all series, whatever is given', () => {
    const text = fc.oneof(fc.constantFrom('free', 'pro', 'eu', 'us'), fc.string());
    fc.assert(
      fc.property(fc.array(fc.record({ plan: text, region: text }), { maxLength: 60 }), (all) => {
        const { metrics, series } = fresh();
        const orders: Counter = metrics.counter('orders', {
          ...ORDERS,
          attributes: { plan: ['free', 'pro'], region: ['eu', 'us'] },
        });
        for (const attributes of all) orders.add(1, attributes as never);
        expect(series().reduce((sum, { value }) => sum + value, 0)).toBe(all.length);
        expect(series().length).toBeLessThanOrEqual(9);
        const seen = series().map(({ attributes }) => JSON.stringify(attributes));
        expect(new Set(seen).size).toBe(seen.length);
      }),
    );
  });

  test('beyond a thousand combinations counts as the one where all are _other', () => {
    const { metrics, series } = fresh();
    const numbers = Array.from({ length: 40 }, (_, i) => `v${i}`);
    const orders = metrics.counter('orders', { ...ORDERS, attributes: { a: numbers, b: numbers } });
    const folded = dropsIn('business', 'series_cap', () => {
      for (const a of numbers) for (const b of numbers) orders.add(1, { a, b });
    });
    expect(series()).toHaveLength(1000);
    expect(folded).toBe(1600 - 999);
    expect(series().at(-1)).toMatchObject({ attributes: { a: '_other', b: '_other' }, value: 601 });
    orders.add(1, { a: 'v0', b: 'v0' });
    expect(series()[0]?.value).toBe(2);
  });
});

test('the types hold the closed set', () => {
  const { metrics } = fresh();
  const orders = metrics.counter('orders', { ...ORDERS, attributes: { plan: ['free', 'pro'] } });
  expectTypeOf(orders.add).parameter(1).toEqualTypeOf<{ readonly plan: 'free' | 'pro' } | undefined>();
  // @ts-expect-error an action is required
  expect(() => metrics.counter('x', { unit: '1' })).toThrow('action is missing');
});

test('those of the process are shared by all copies, and there before observe()', () => {
  counter('shared.orders', ORDERS).add();
  gauge('shared.open', ORDERS).set(3);
  timer('shared.wait', WAIT).record(1);
  expect(declarations().map(({ name }) => name)).toEqual(['shared.orders', 'shared.open', 'shared.wait']);
  const slots = Reflect.get(globalThis, Symbol.for('fourlights.v1')) as Map<string, unknown>;
  expect(slots.get('business')).toBeInstanceOf(BusinessMetrics);
});
