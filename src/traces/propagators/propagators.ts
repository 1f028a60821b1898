import { has } from '../../core/table.js';
import { b3, b3multi } from './b3.js';
import { baggage } from './baggage-propagator.js';
import { jaeger } from './jaeger.js';
import { none } from './none.js';
import type { Propagator } from './propagator.js';
import { tracecontext } from './tracecontext.js';
import { xray } from './xray.js';

/** The propagators by their names in `OTEL_PROPAGATORS`. A new one is a file and a line here. */
export const propagators = {
  tracecontext,
  baggage,
  b3,
  b3multi,
  xray,
  jaeger,
  none,
} as const satisfies Readonly<Record<string, Propagator>>;

export type PropagatorName = keyof typeof propagators;

export function isPropagatorName(name: string): name is PropagatorName {
  return has(propagators, name);
}
