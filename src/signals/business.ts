import { systemClock } from '../core/clock.js';
import { slot } from '../core/slot.js';
import type { AttributeSets, MetricOptions, TimerOptions } from './business-declaration.js';
import type { Counter, Gauge, Timer } from './business-instruments.js';
import { BusinessMetrics, type MetricDeclaration } from './business-registry.js';

/** The process's one registry, whichever copy of the package made it. */
const metrics: BusinessMetrics = slot('business', () => new BusinessMetrics(systemClock));

type None = Record<never, never>;

/**
 * Declares a counter: `counter('orders.placed', { unit: '{order}', action: 'falls: check the payment provider',
 * attributes: { plan: ['free', 'pro'] } })`, then `.add(1, { plan: 'pro' })`. The same declaration again gives the same
 * counter. Throws a `MetricError` for a declaration that is incomplete, differs from an earlier one of that name, or is the
 * 51st. A value outside of its set is counted as `_other`. Works before `observe()`.
 */
export function counter<const A extends AttributeSets = None>(name: string, options: MetricOptions<A>): Counter<A> {
  return metrics.counter(name, options);
}

/** Declares a gauge, as `counter` does a counter; then `.set(value, attributes)`. */
export function gauge<const A extends AttributeSets = None>(name: string, options: MetricOptions<A>): Gauge<A> {
  return metrics.gauge(name, options);
}

/** Declares a timer, as `counter` does a counter; its unit is `s`. Then `.record(seconds, attributes)` or `.time(fn, attributes)`. */
export function timer<const A extends AttributeSets = None>(name: string, options: TimerOptions<A>): Timer<A> {
  return metrics.timer(name, options);
}

/** All business metrics with their series, in the order of their declaration, for export. */
export function declarations(): readonly MetricDeclaration[] {
  return metrics.declarations();
}
