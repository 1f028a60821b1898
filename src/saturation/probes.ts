import { has } from '../core/table.js';
import { cpu } from './cpu.js';
import { eventLoopDelay } from './event-loop-delay.js';
import { eventLoopUtilization } from './event-loop-utilization.js';
import { heap } from './heap.js';
import { memory } from './memory.js';
import type { Probe } from './probe.js';

/** The probes that go by a name. A new one is a file and a line here; each key is the name of what it makes. */
export const probes = {
  'event-loop-utilization': () => eventLoopUtilization(),
  'event-loop-delay': () => eventLoopDelay(),
  heap: () => heap(),
  memory: () => memory(),
  cpu: () => cpu(),
} as const satisfies Readonly<Record<string, () => Probe>>;

export type ProbeName = keyof typeof probes;

export function isProbeName(name: string): name is ProbeName {
  return has(probes, name);
}
