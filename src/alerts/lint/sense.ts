import { durationText } from '../../core/duration.js';
import { MIN_SAMPLES, type SettledRule } from '../rule.js';
import { signals, signalText } from '../signal.js';

/** Two evaluations of the engine. */
const LEAST_FOR_S = 20;
/** Four scrapes at 15 s: `rate()` needs two, and one may fail. */
const LEAST_WINDOW_S = 60;
/** The process keeps one minute of what a percentile is made of, and an hour of totals. */
const MOST_PERCENTILE_S = 60;
const MOST_WINDOW_S = 3600;
const LEAST_SAMPLES = 10;

/** What runs, and will annoy or fail somebody. */
export const sense = {
  'short-window': ({ windowSeconds }) =>
    windowSeconds < LEAST_WINDOW_S
      ? `a window of ${durationText(windowSeconds)} holds less than four scrapes: write window: '1m'`
      : undefined,
  'long-window': ({ signal, windowSeconds }) => {
    const most = signals[signal.base].unit === 'seconds' ? MOST_PERCENTILE_S : MOST_WINDOW_S;
    return windowSeconds > most
      ? `the process itself keeps ${durationText(most)} of ${signal.base}: write window: '${durationText(most)}' and a longer for, or slo() for long windows`
      : undefined;
  },
  'short-for': ({ forSeconds }) =>
    forSeconds < LEAST_FOR_S
      ? `with for: '${durationText(forSeconds)}' a single evaluation fires it: write for: '5m', or '1m' for what must be quick`
      : undefined,
  'short-keep': ({ severity, keepFiringForSeconds }) =>
    severity === 'critical' && keepFiringForSeconds === 0
      ? "a critical alert that resolves at the first good moment comes back at night: write keepFiringFor: '2m'"
      : undefined,
  'few-samples': ({ signal, minSamples }) =>
    signals[signal.base].sampled && minSamples < LEAST_SAMPLES
      ? `one failure among ${Math.max(1, Math.round(minSamples))} is no trend: write minSamples: ${MIN_SAMPLES}, and a longer window where there is less traffic`
      : undefined,
  average: ({ signal }) =>
    signal.base.endsWith('.mean')
      ? `an average hides the slow ones: write signal: '${signalText(signal).replace('.mean', '.p99')}'`
      : undefined,
  'no-band': ({ fireAt, resolveAt, side }) =>
    fireAt === resolveAt && fireAt !== 0
      ? `it fires and resolves at ${fireAt}, so it flaps there: write ${side === 'above' ? 'resolveBelow' : 'resolveAbove'}: ${Number(((fireAt * (side === 'above' ? 8 : 10)) / 9).toPrecision(3))}`
      : undefined,
  'no-runbook': ({ severity, runbook }) =>
    severity === 'critical' && runbook === undefined
      ? "whoever is woken up needs a page to read: write runbook: 'https://...'"
      : undefined,
} as const satisfies Readonly<Record<string, (rule: SettledRule) => string | undefined>>;
