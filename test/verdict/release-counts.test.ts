import { expect, test } from 'vitest';
import type { Series } from '../../src/verdict/counter-steps.js';
import { releaseCounts } from '../../src/verdict/release-counts.js';

const TIMES = [0, 10];
const VERSIONS = { label: 'service_version', baseline: '1', candidate: '2' };

function bucket(version: string, instance: string, le: string, from: number, to: number): Series {
  return {
    metric: { service_version: version, job: 'a', instance, le },
    values: [
      [0, `${from}`],
      [10, `${to}`],
    ],
  };
}

function errors(version: string, instance: string, ...values: [number, string][]): Series {
  return { metric: { service_version: version, job: 'a', instance }, values };
}

test('the processes of a version add up, and a bucket holds only what is its own', () => {
  const durations = [
    ...['a', 'b'].flatMap((instance) => [
      bucket('1', instance, '0.1', 0, 60),
      bucket('1', instance, '0.5', 0, 90),
      bucket('1', instance, '+Inf', 0, 100),
    ]),
    bucket('2', 'c', '0.1', 5, 6),
    bucket('2', 'c', '0.5', 5, 7),
    bucket('2', 'c', '+Inf', 5, 10),
  ];
  const counts = releaseCounts({ durations, errors: [errors('2', 'c', [10, '3'])] }, TIMES, VERSIONS);
  expect(counts).toMatchObject({ boundaries: [0.1, 0.5], processes: { baseline: 2, candidate: 1 } });
  expect(counts.ticks[1]).toEqual({
    baseline: { requests: 200, errors: 0, durations: Float64Array.of(120, 60, 20) },
    candidate: { requests: 5, errors: 3, durations: Float64Array.of(1, 1, 3) },
  });
});

test('an edge that one version alone has is left out, and its requests are not', () => {
  const durations = [
    bucket('1', 'a', '0.1', 0, 60),
    bucket('1', 'a', '+Inf', 0, 100),
    bucket('2', 'c', '0.1', 0, 6),
    bucket('2', 'c', '0.3', 0, 8),
    bucket('2', 'c', '+Inf', 0, 10),
  ];
  const { boundaries, ticks } = releaseCounts({ durations, errors: [] }, TIMES, VERSIONS);
  expect(boundaries).toEqual([0.1]);
  expect(ticks[1]?.candidate).toEqual({ requests: 10, errors: 0, durations: Float64Array.of(6, 4) });
});

test('without a series there is nothing, and nothing fails', () => {
  const counts = releaseCounts({ durations: [], errors: [] }, TIMES, VERSIONS);
  expect(counts).toMatchObject({ boundaries: [], processes: { baseline: 0, candidate: 0 } });
  expect(counts.ticks[1]?.baseline).toMatchObject({ requests: 0, errors: 0 });
});
