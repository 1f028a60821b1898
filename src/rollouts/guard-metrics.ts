import { nearest, shortened } from '../core/nearest.js';
import { OWN_METRICS } from './guard-track.js';

const MAX_SHOWN = 80;

/** Metrics of a plan that the service has to count by itself. */
export function businessMetrics(metrics: readonly string[]): string[] {
  return metrics.filter((metric) => !OWN_METRICS.includes(metric));
}

/** What to say of metrics that nobody counts: a rollout would wait for their evidence for ever. `undefined`: all are counted. */
export function uncounted(flag: string, metrics: readonly string[], isCounted: boolean): string | undefined {
  const [first] = businessMetrics(metrics);
  if (first === undefined || isCounted) return undefined;
  const meant = nearest(first, OWN_METRICS);
  const hint = meant === undefined ? '' : `did you mean "${meant}"? Else `;
  const about = `guard of flag "${shortened(flag, MAX_SHOWN)}": nobody counts "${shortened(first, MAX_SHOWN)}", so its rollout never advances`;
  return `${about}: ${hint}hand its counts by variant in with observe({ rollouts: { business } }), or name ${OWN_METRICS.join(', ')}`;
}
