import { slot } from '../core/slot.js';
import type { Probe } from './probe.js';

/**
 * Probes by their name that come and go while the process runs, before `observe()` and after it. The monitor samples them
 * beside its own; one that throws is told of and taken out. They belong to who declared them: stopping disposes none.
 */
export const declaredProbes: Map<string, Probe> = slot('saturation.declared', () => new Map<string, Probe>());
