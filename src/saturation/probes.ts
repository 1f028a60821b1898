import { tmpdir } from 'node:os';
import { has } from '../core/table.js';
import { cpu } from './cpu.js';
import { diskIo } from './disk-io.js';
import { diskSpace } from './disk-space.js';
import { eventLoopDelay } from './event-loop-delay.js';
import { eventLoopUtilization } from './event-loop-utilization.js';
import { fileDescriptors } from './file-descriptors.js';
import { gc } from './gc.js';
import { heap } from './heap.js';
import { httpAgent } from './http-agent.js';
import { memory } from './memory.js';
import { pressure } from './pressure.js';
import type { Probe } from './probe.js';
import { threadPoolEstimate } from './thread-pool-estimate.js';
import { undici } from './undici.js';

/** The probes that go by a name. A new one is a file and a line here; each key is the name of what it makes. */
export const probes = {
  'event-loop-utilization': () => eventLoopUtilization(),
  'event-loop-delay': () => eventLoopDelay(),
  heap: () => heap(),
  memory: () => memory(),
  cpu: () => cpu(),
  gc: () => gc(),
  // Before the probes that ask the pool for something themselves.
  'thread-pool-estimate': () => threadPoolEstimate(),
  'file-descriptors': () => fileDescriptors(),
  'disk-space-cwd': () => diskSpace('disk-space-cwd', process.cwd()),
  'disk-space-tmp': () => diskSpace('disk-space-tmp', tmpdir()),
  'disk-io': () => diskIo(),
  'pressure-cpu': () => pressure('cpu'),
  'pressure-memory': () => pressure('memory'),
  'pressure-io': () => pressure('io'),
  'http-agent': () => httpAgent(),
  undici: () => undici(),
} as const satisfies Readonly<Record<string, () => Probe>>;

export type ProbeName = keyof typeof probes;

export function isProbeName(name: string): name is ProbeName {
  return has(probes, name);
}
