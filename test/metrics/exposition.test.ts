import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { diagnostics } from '../../src/core/diagnostics.js';
import { allFamilies } from '../../src/metrics/collectors.js';
import { Exposition } from '../../src/metrics/exposition.js';
import type { Family } from '../../src/metrics/family.js';
import { SeriesRegistry } from '../../src/signals/series.js';
import { counter, gauge, histogram, OPEN_METRICS, one, recorded, textOf } from './samples.js';

afterEach(() => vi.restoreAllMocks());

describe('Prometheus text', () => {
  test('a counter ends in _total, HELP says unit and action', async () => {
    expect(await textOf([counter('cache.requests', one(3, { 'cache.name': 'sessions' }))])).toBe(
      '# HELP cache_requests_total What it is. Unit: request. Action: do this.\n' +
        '# TYPE cache_requests_total counter\n' +
        'cache_requests_total{cache_name="sessions"} 3\n',
    );
  });

  test('buckets count what is below their edge, and the last is the count', async () => {
    expect(
      await textOf([histogram('x.duration', [{ labels: { a: 'b' }, histogram: recorded([0.05, 0.1, 0.2, 9]) }])]),
    ).toBe(
      '# HELP x_duration_seconds What it is. Unit: seconds. Action: do this.\n' +
        '# TYPE x_duration_seconds histogram\n' +
        'x_duration_seconds_bucket{a="b",le="0.1"} 2\n' +
        'x_duration_seconds_bucket{a="b",le="0.5"} 3\n' +
        'x_duration_seconds_bucket{a="b",le="+Inf"} 4\n' +
        'x_duration_seconds_sum{a="b"} 9.35\n' +
        'x_duration_seconds_count{a="b"} 4\n',
    );
  });

  test('a summary keeps its quantiles, and has no braces without labels', async () => {
    const summary: Family = {
      ...{ type: 'summary', name: 's', foreign: true, unit: '', help: 'S', action: '' },
      points: [{ labels: {}, quantiles: [[0.5, 2]], sum: 5, count: 3 }],
    };
    expect(await textOf([summary])).toBe('# HELP s S\n# TYPE s summary\ns{quantile="0.5"} 2\ns_sum 5\ns_count 3\n');
  });

  test('numbers beyond the finite ones have words', async () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21, 0.1];
    const text = await textOf([
      gauge(
        'g',
        values.map((value, i) => ({ labels: { i }, value })),
      ),
    ]);
    expect(text.match(/(?<=\} ).*/g)).toEqual(['NaN', '+Inf', '-Inf', '1e+21', '0.1']);
  });

  test('what a label or HELP holds cannot break a line', async () => {
    const text = await textOf([{ ...gauge('g', one(1, { a: 'x"y\\z\nw' })), help: 'a\nb\\' }]);
    expect(text).toContain('g_bytes{a="x\\"y\\\\z\\nw"} 1\n');
    expect(text).toContain('# HELP g_bytes a\\nb\\\\ Unit');
  });
});

describe('OpenMetrics', () => {
  test('it has units, counters named without _total, exemplars, and an end', async () => {
    const traced = recorded([]);
    traced.record(0.2, 'ab'.repeat(16), 1_700_000_000_500);
    const families = [counter('c', one(3)), histogram('x.duration', [{ labels: {}, histogram: traced }])];
    expect(await textOf(families, OPEN_METRICS)).toBe(
      '# TYPE c counter\n# HELP c What it is. Unit: request. Action: do this.\nc_total 3\n' +
        '# TYPE x_duration_seconds histogram\n# UNIT x_duration_seconds seconds\n' +
        '# HELP x_duration_seconds What it is. Unit: seconds. Action: do this.\n' +
        'x_duration_seconds_bucket{le="0.1"} 0\n' +
        `x_duration_seconds_bucket{le="0.5"} 1 # {trace_id="${'ab'.repeat(16)}"} 0.2 1700000000.5\n` +
        'x_duration_seconds_bucket{le="+Inf"} 1\n' +
        'x_duration_seconds_sum 0.2\nx_duration_seconds_count 1\n# EOF\n',
    );
  });

  test("a counter of somebody else's without _total keeps its name, as unknown", async () => {
    const text = await textOf([{ ...counter('hits', one(1)), foreign: true, action: '' }], OPEN_METRICS);
    expect(text).toBe('# TYPE hits unknown\n# HELP hits What it is.\nhits 1\n# EOF\n');
  });
});

test('numbers are those of the moment, also where the rest of the line is kept', async () => {
  const labels = { a: 'b' };
  let value = 1;
  const exposition = new Exposition({ clock: systemClock, families: () => [gauge('g', [{ labels, value }])] });
  expect(String((await exposition.render()).body)).toContain('g_bytes{a="b"} 1\n');
  value = 2;
  expect(String((await exposition.render()).body)).toContain('g_bytes{a="b"} 2\n');
});

test('for any values: buckets rise, the last is the count, and the sum is theirs', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.double({ min: 0, max: 2, noNaN: true })), async (values) => {
      const text = await textOf([histogram('h', [{ labels: {}, histogram: recorded(values) }])]);
      const numbers = [...text.matchAll(/^\S+ (\S+)$/gm)].map(([, value]) => Number(value)).slice(-5);
      const below = (edge: number): number => values.filter((value) => value <= edge).length;
      expect(numbers.slice(0, 3)).toEqual([below(0.1), below(0.5), values.length]);
      expect(numbers[3]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0));
      expect(numbers[4]).toBe(values.length);
    }),
    { numRuns: 50 },
  );
});

describe('a text that would be too large', () => {
  const points = Array.from({ length: 1000 }, (_, i) => ({ labels: { route: `/r${i}` }, histogram: recorded([0.2]) }));

  test.each(['text/plain', OPEN_METRICS])(
    'is bounded in %s, has whole series alone, and says what is missing',
    async (accept) => {
      vi.spyOn(diagnostics, 'warn').mockReturnValue();
      const drop = vi.spyOn(diagnostics, 'drop');
      const families = [gauge('g', one(1)), histogram('h', points)];
      const { body } = await new Exposition({ clock: systemClock, families: () => families, maxBytes: 20_000 }).render({
        accept,
      });
      expect(body.length).toBeLessThanOrEqual(20_000);
      expect(body.length).toBeGreaterThan(19_000);
      const whole = String(body).match(/^h_seconds_count/gm)?.length ?? 0;
      expect(String(body).match(/^h_seconds_bucket/gm)).toHaveLength(whole * 3);
      expect(String(body).endsWith(accept === OPEN_METRICS ? '# EOF\n' : '\n')).toBe(true);
      expect(drop).toHaveBeenCalledWith('metrics', 'scrape_bytes', 1000 - whole);
    },
  );

  test('letters beyond ASCII are counted by their bytes', async () => {
    vi.spyOn(diagnostics, 'warn').mockReturnValue();
    const wide = Array.from({ length: 5000 }, (_, i) => ({ labels: { a: `${'é'.repeat(100)}${i}` }, value: 1 }));
    const { body } = await new Exposition({
      clock: systemClock,
      families: () => [gauge('g', wide)],
      maxBytes: 500_000,
    }).render();
    expect(body.length).toBeLessThanOrEqual(500_000);
  });
});

test('a large text lets others run while it is written', async () => {
  let ms = 0;
  const clock = { ...systemClock, monotonic: () => (ms += 3) };
  const points = Array.from({ length: 3000 }, (_, i) => ({ labels: { i }, histogram: recorded([0.2]) }));
  let turns = 0;
  let done = false;
  const turn = (): void => {
    turns++;
    if (!done) setImmediate(turn);
  };
  setImmediate(turn);
  await new Exposition({ clock, families: () => [histogram('h', points)] }).render();
  done = true;
  expect(turns).toBeGreaterThan(2);
});

test('who asks while a text is written gets that text', async () => {
  const families = vi.fn(() => [gauge('g', one(1))]);
  const exposition = new Exposition({ clock: systemClock, families });
  const [first, second] = await Promise.all([exposition.render(), exposition.render()]);
  expect(second).toBe(first);
  await exposition.render();
  expect(families).toHaveBeenCalledTimes(2);
});

test('paths instead of templates make no more text than the cap of routes allows', async () => {
  vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const registry = new SeriesRegistry();
  const families = allFamilies({
    clock: systemClock,
    drops: () => ({}),
    http: { series: () => registry.all(), inFlight: 0 },
  });
  const visit = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const times = { startedMs: 0, firstByteMs: 1, lastByteMs: 1, durationMs: 1 };
      registry.record({ ...times, method: 'GET', route: `/users/${i}`, status: 200, outcome: 'ok' } as never); // what it reads
    }
  };
  const series = async (): Promise<number> =>
    (await textOf(families())).match(/^http_server_request_duration_seconds_count/gm)?.length ?? 0;
  visit(0, 1000);
  const before = await series();
  visit(1000, 50_000);
  expect([before, await series()]).toEqual([201, 201]);
});
