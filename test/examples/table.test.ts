import { describe, expect, test } from 'vitest';
import { palette } from '../../examples/demo/paint.mjs';
import { LEGEND, table } from '../../examples/demo/table.mjs';
import type { Errors, GoldenSignals, Latency, RouteSignals } from '../../src/index.js';

const plain = palette({ isTTY: false }, {});
const coloured = palette({ isTTY: true }, {});

const errors = (ratio: number | null): Errors => ({
  ratio,
  count: 0,
  byType: {},
  aborted: { beforeHeaders: 0, midResponse: 0 },
});
const latency = (p50: number | null, p95: number | null, p99: number | null): Latency => ({
  count: 1,
  p50,
  p95,
  p99,
  max: 1,
  mean: 1,
});
const few = latency(null, null, null);

function route(name: string, given: Partial<RouteSignals> = {}): RouteSignals {
  const traffic = { requestsPerSecond: 10, total: 100 };
  return { method: 'GET', route: name, latency: few, firstByte: few, traffic, errors: errors(0), ...given };
}

function signals(given: Partial<GoldenSignals> = {}): GoldenSignals {
  return {
    windowSeconds: 10,
    latency: few,
    firstByte: few,
    traffic: { requestsPerSecond: 0, inFlight: 3, total: 0 },
    errors: errors(null),
    saturation: { worst: null, ratio: null, resources: {} },
    routes: [],
    dependencies: {},
    variants: {},
    objectives: [],
    ...given,
  };
}

describe('the table', () => {
  test('has a line for each route; what belongs to the service stands on the first', () => {
    const routes = [
      route('/home/:user', { latency: latency(0.0123, 0.4021, 1.5) }),
      route('/about', { traffic: { requestsPerSecond: 0.25, total: 3 } }),
    ];
    const saturation = { worst: 'event-loop-utilization', ratio: 0.421, resources: {} };
    expect(table([{ service: 'gateway', signals: signals({ routes, saturation }) }], plain)).toEqual([
      'service          route                   p50    p95    p99  req/s   errors in flight  saturation',
      'gateway          GET /about                -      -      -    0.3      0 %         3  loop 0.42',
      '                 GET /home/:user        12.3    402   1500   10.0      0 %',
    ]);
  });

  test('shows a dash for what is not known', () => {
    const routes = [route('/', { errors: errors(null) })];
    const [, without, unknown] = table(
      [
        { service: 'idle', signals: signals() },
        { service: 'few', signals: signals({ routes }) },
      ],
      plain,
    );
    expect(without?.split(/\s{2,}|\s(?=-)/)).toEqual(['idle', '-', '-', '-', '-', '-', '-', '3', '-']);
    expect(unknown).toMatch(/^few +GET \/ +- +- +- +10\.0 +- +3 +-$/);
  });

  test.each([
    [0, /^0 %/],
    [0.01, /^1\.0 %/],
    [0.0234, /^! 2\.3 %/],
    [1, /^! 100 %/],
  ])('marks an error ratio of %d by a sign, not by colour alone', (ratio, expected) => {
    const [, row = ''] = table(
      [{ service: 's', signals: signals({ routes: [route('/', { errors: errors(ratio) })] }) }],
      plain,
    );
    expect(row.slice(row.indexOf('10.0') + 4).trim()).toMatch(expected);
  });

  test.each([
    [0.8, 'cpu 0.80'],
    [1.234, 'cpu 1.23 !'],
  ])('marks a saturation of %d by a sign too', (ratio, expected) => {
    const [, row = ''] = table(
      [{ service: 's', signals: signals({ saturation: { worst: 'cpu', ratio, resources: {} } }) }],
      plain,
    );
    expect(row.endsWith(`  ${expected}`)).toBe(true);
  });

  test('counts the rate from when the load began, for a service that had waited', () => {
    const rate = (requestsPerSecond: number, loadSeconds: number): string => {
      const routes = [route('/', { traffic: { requestsPerSecond, total: 100 } })];
      const [, row = ''] = table([{ service: 's', signals: signals({ routes }), loadSeconds }], plain);
      return row.split(/\s+/)[6] ?? '';
    };
    expect([rate(10, 2.5), rate(10, 10), rate(10, 60), rate(0, -1)]).toEqual(['40.0', '10.0', '10.0', '0.0']);
  });

  test('is at most 100 columns wide, whatever the names', () => {
    const long = 'x'.repeat(200);
    const routes = [route(`/${long}`, { latency: latency(1000, 1000, 1000), errors: errors(0.999) })];
    const saturation = { worst: long, ratio: 99.9, resources: {} };
    const lines = [LEGEND, ...table([{ service: long, signals: signals({ routes, saturation }) }], plain)];
    expect(Math.max(...lines.map((text) => text.length))).toBeLessThanOrEqual(100);
  });

  test('stays aligned when it is coloured', () => {
    const rows = [{ service: 's', signals: signals({ routes: [route('/', { errors: errors(0.5) })] }) }];
    const text = table(rows, coloured).join('\n');
    expect(text).toContain('\u001b[31m  ! 50 %\u001b[0m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour begins with
    expect(text.replace(/\u001b\[\d+m/g, '')).toBe(table(rows, plain).join('\n'));
  });
});

test.each([
  [true, {}, true],
  [true, { NO_COLOR: '' }, true],
  [true, { NO_COLOR: '1' }, false],
  [true, { TERM: 'dumb' }, false],
  [false, {}, false],
])('on a terminal: %s, with %j: colour %s', (isTTY, env, colour) => {
  expect(palette({ isTTY }, env).red('x') !== 'x').toBe(colour);
});
