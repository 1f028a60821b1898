import type { Errors, Latency } from './golden-signals.js';
import { LatencyHistogram } from './latency.js';
import type { WindowSlot } from './window.js';

/** Fewer say nothing about a percentile. */
export const MIN_SAMPLES = 20;

/** Used again for every summary: nothing here waits between the first and the last line. */
const latencyScratch = new LatencyHistogram();
const firstByteScratch = new LatencyHistogram();

export interface Summary {
  readonly ended: number;
  readonly latency: Latency;
  readonly firstByte: Latency;
  readonly errors: Errors;
}

/** Adds window slots, of one route or of all, up to one set of figures. Percentiles are merged, never averaged. */
export function summarize(slots: readonly WindowSlot[]): Summary {
  latencyScratch.reset();
  firstByteScratch.reset();
  let ended = 0;
  const total = { sumMs: 0, maxMs: 0 };
  const firstByte = { sumMs: 0, maxMs: 0 };
  for (const slot of slots) {
    ended += slot.ended;
    total.sumMs += slot.sumMs;
    total.maxMs = Math.max(total.maxMs, slot.maxMs);
    if (slot.latency !== undefined) latencyScratch.add(slot.latency);
    firstByte.sumMs += slot.firstByteSumMs;
    firstByte.maxMs = Math.max(firstByte.maxMs, slot.firstByteMaxMs);
    if (slot.firstByte !== undefined) firstByteScratch.add(slot.firstByte);
  }
  return {
    ended,
    latency: figures(latencyScratch, total),
    firstByte: figures(firstByteScratch, firstByte),
    errors: errorsOf(slots, latencyScratch.count),
  };
}

function figures(histogram: LatencyHistogram, { sumMs, maxMs }: { sumMs: number; maxMs: number }): Latency {
  const { count } = histogram;
  const max = maxMs / 1000;
  // The middle of the highest bucket may lie above the highest value itself, which is known exactly.
  const quantile = (share: number): number | null =>
    count < MIN_SAMPLES ? null : Math.min(histogram.quantile(share), max);
  return {
    count,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    max: count === 0 ? null : max,
    mean: count === 0 ? null : sumMs / count / 1000,
  };
}

function errorsOf(slots: readonly WindowSlot[], completed: number): Errors {
  let count = 0;
  let beforeHeaders = 0;
  let midResponse = 0;
  const byType: Record<string, number> = Object.create(null);
  for (const slot of slots) {
    count += slot.errors;
    beforeHeaders += slot.abortedBeforeHeaders;
    midResponse += slot.abortedMidResponse;
    for (const [type, errors] of slot.byType ?? []) byType[type] = (byType[type] ?? 0) + errors;
  }
  return {
    ratio: completed === 0 ? null : count / completed,
    count,
    byType: { ...byType },
    aborted: { beforeHeaders, midResponse },
  };
}
