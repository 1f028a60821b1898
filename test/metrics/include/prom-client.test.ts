import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { describe, expect, test, vi } from 'vitest';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { collectIncluded, included } from '../../../src/metrics/include/sources.js';
import { merged } from '../../../src/metrics/merge.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { gauge, OPEN_METRICS, one, textOf } from '../samples.js';

function registry(): Registry {
  const made = new Registry();
  const registers = [made];
  new Counter({ name: 'orders_total', help: 'Orders', labelNames: ['tier'], registers }).inc({ tier: 'gold' }, 3);
  new Counter({ name: 'hits', help: 'Hits', registers }).inc();
  new Gauge({ name: 'queue_size', help: 'Size', registers }).set(7);
  const histogram = new Histogram({
    name: 'job_seconds',
    help: 'Jobs',
    labelNames: ['kind'],
    buckets: [1, 5],
    registers,
  });
  for (const value of [0.5, 3, 3, 9]) histogram.observe({ kind: 'mail' }, value);
  const summary = new Summary({ name: 'size_bytes', help: 'Sizes', percentiles: [0.5], registers });
  for (const value of [1, 2, 3]) summary.observe(value);
  return made;
}

const theirs = async (given: unknown) => collectIncluded(included(given), manualClock());

/** Samples and types; the order of lines and of labels is each writer's own. */
function lines(text: string): string[] {
  const sorted = (line: string): string =>
    line.replace(/\{(.*)\}/, (_, labels) => `{${labels.split(',').sort().join(',')}}`);
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# HELP'))
    .map(sorted)
    .sort();
}

test('a registry of prom-client is shown as it would show itself', async () => {
  const given = registry();
  expect(lines(await textOf(await theirs(given)))).toEqual(lines(await given.metrics()));
});

test('in OpenMetrics too, and a counter without _total keeps its name', async () => {
  const text = await textOf(await theirs(registry()), OPEN_METRICS);
  expect(text).toContain('# TYPE orders counter\n');
  expect(text).toContain('orders_total{tier="gold"} 3\n');
  expect(text).toContain('\nhits 1\n');
  expect(text.endsWith('# EOF\n')).toBe(true);
});

test('where a name is taken, ours wins', async () => {
  vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const text = await textOf(merged([gauge('queue_size', one(1), 'sum', '{job}'), ...(await theirs(registry()))]));
  expect(text.match(/^queue_size .*/gm)).toEqual(['queue_size 1']);
});

describe('what is included and does not answer', () => {
  test('is left out and told when it fails, and the others are shown', async () => {
    const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
    const failing = { getMetricsAsJSON: () => Promise.reject(new Error('no database')) };
    const found = await theirs([failing, registry()]);
    expect(found.map(({ name }) => name)).toContain('orders_total');
    expect(warn).toHaveBeenCalledWith('metrics include', expect.stringContaining('no database'), expect.any(Error));
  });

  test('is left out when it is late', async () => {
    vi.spyOn(diagnostics, 'warn').mockReturnValue();
    const clock = manualClock();
    const found = collectIncluded(included({ getMetricsAsJSON: () => new Promise(() => undefined) }), clock);
    clock.advance(1000);
    expect(await found).toEqual([]);
  });

  test.each([[{}], [null], [5], [[registry(), 'x']]])('is refused when it is of no known kind: %j', (given) => {
    expect(() => included(given)).toThrow(
      /metrics.include must be a prom-client Registry or an OpenTelemetry MetricReader/,
    );
  });

  test('may be left out altogether', () => {
    expect(included(undefined)).toEqual([]);
  });
});
