import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { Fleet } from '../../../src/metrics/cluster/fleet.js';
import { Reporter } from '../../../src/metrics/cluster/report.js';
import { Deltas } from '../../../src/metrics/deltas.js';
import type { Family, HistogramValue } from '../../../src/metrics/family.js';
import { CumulativeHistogram } from '../../../src/signals/cumulative.js';
import { counter, gauge, histogram, one, recorded } from '../samples.js';

/** One process: what it counts, and what of it has been reported, over a channel that carries JSON. */
class Process {
  count = 0;
  readonly durations = recorded([]);
  rss = 0;
  readonly #deltas = new Deltas();
  readonly #reporter = new Reporter();
  readonly #labels = { route: '/a' };

  report(): ReturnType<Reporter['report']> {
    const labels = this.#labels;
    const families = [
      counter('requests', [{ labels, value: this.count }]),
      histogram('duration', [{ labels, histogram: this.durations }]),
      gauge('rss', one(this.rss)),
      gauge('utilization', one(this.rss / 10), 'max', '1'),
    ];
    const report = this.#reporter.report(this.#deltas.since(families));
    this.#deltas.commit();
    return JSON.parse(JSON.stringify(report));
  }
}

function read(fleet: Fleet) {
  const named = new Map(fleet.families().map((family) => [family.name, family]));
  const number = (name: string): number | undefined => {
    const point = (named.get(name) as Family | undefined)?.points[0];
    return point !== undefined && 'value' in point ? point.value : undefined;
  };
  const point = named.get('duration')?.points[0];
  const durations: HistogramValue | undefined =
    point !== undefined && 'histogram' in point ? point.histogram : undefined;
  return { requests: number('requests') ?? 0, rss: number('rss'), utilization: number('utilization'), durations };
}

type Step = readonly ['count', number, number] | readonly ['report' | 'die', number];

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.constant('count' as const), fc.nat(3), fc.double({ min: 0, max: 3, noNaN: true })),
  fc.tuple(fc.constantFrom('report' as const, 'report' as const, 'die' as const), fc.nat(3)),
);

test('whatever is counted, reported and killed in any order: totals are what was reported, and never fall', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const fleet = new Fleet();
      const processes = new Map<number, { id: number; process: Process; pending: number[] }>();
      const reported: number[] = [];
      let nextId = 1;
      let last = 0;
      for (const [what, which, value] of steps) {
        const one = processes.get(which) ?? { id: nextId++, process: new Process(), pending: [] };
        processes.set(which, one);
        if (what === 'count') {
          one.process.count++;
          one.process.durations.record(value as number);
          one.pending.push(value as number);
        } else if (what === 'report') {
          fleet.take(one.id, one.process.report(), 0);
          reported.push(...one.pending.splice(0));
        } else {
          fleet.gone(one.id);
          fleet.forget(one.id);
          processes.delete(which); // what it had not reported is lost with it
        }
        const { requests, durations } = read(fleet);
        expect(requests).toBe(reported.length);
        expect(requests).toBeGreaterThanOrEqual(last);
        last = requests;
        const exact = recorded(reported);
        expect(Array.from(durations?.counts ?? [0, 0, 0])).toEqual(Array.from(exact.counts));
        if (durations?.exponential) expect(durations.exponential.read()).toEqual(exact.exponential?.read());
      }
    }),
    { numRuns: 100 },
  );
});

describe('gauges', () => {
  test('add up or are that of the fullest, of the living', () => {
    const fleet = new Fleet();
    const [a, b] = [new Process(), new Process()];
    [a.rss, b.rss] = [2, 5];
    fleet.take(1, a.report(), 0);
    fleet.take(2, b.report(), 0);
    expect(read(fleet)).toMatchObject({ rss: 7, utilization: 0.5 });
    fleet.gone(2);
    expect(read(fleet)).toMatchObject({ rss: 2, utilization: 0.2 });
  });

  test('a report that comes after the end still counts, and measures nothing', () => {
    const fleet = new Fleet();
    const late = new Process();
    late.rss = 3;
    fleet.take(1, late.report(), 0);
    late.count = 7;
    fleet.gone(1);
    fleet.take(1, late.report(), 0);
    expect(read(fleet)).toMatchObject({ requests: 7, rss: undefined });
  });
});

test('exemplars go along, the last of each bucket', () => {
  const fleet = new Fleet();
  const process = new Process();
  process.durations.record(0.2, 'ab'.repeat(16), 1000);
  fleet.take(1, process.report(), 0);
  expect(read(fleet).durations?.exemplar?.(1)).toEqual({ traceId: 'ab'.repeat(16), value: 0.2, at: 1000 });
});

test('names are sent once', () => {
  const process = new Process();
  expect(process.report().series).toHaveLength(4);
  process.count++;
  const second = process.report();
  expect([second.series, second.families]).toEqual([[], []]);
  expect(JSON.stringify(second).length).toBeLessThan(200);
});

test('buckets of two cuts are not added up, and it is told', () => {
  const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const fleet = new Fleet();
  [[1, 2], [3]].forEach((boundaries, id) => {
    const families = [histogram('duration', [{ labels: {}, histogram: new CumulativeHistogram(boundaries) }])];
    fleet.take(id, new Reporter().report(families), 0);
  });
  expect(read(fleet).durations?.boundaries).toEqual([1, 2]);
  expect(warn).toHaveBeenCalledWith('metrics cluster boundaries', expect.any(String));
});
