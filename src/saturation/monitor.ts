import type { Clock } from '../core/clock.js';
import { diagnostics, messageOf } from '../core/diagnostics.js';
import { guard } from '../core/guard.js';
import type { Reading, Saturation } from '../core/saturation.js';
import { unknownName } from '../core/table.js';
import { declaredProbes } from './declared.js';
import type { Probe } from './probe.js';
import { isProbeName, type ProbeName, probes } from './probes.js';

/** A probe of the table by its name, a probe, or what makes one. */
export type ProbeSource = ProbeName | Probe | (() => Probe);

interface SaturationOptions {
  readonly clock: Clock;
  readonly probes: readonly ProbeSource[];
  readonly intervalMs: number;
  /** Probes that come and go. @default those of the process */
  readonly declared?: Map<string, Probe>;
}

/**
 * Samples every probe from one timer, which keeps no process alive, and answers with what was last seen. One a process:
 * probes keep the sample before, and whoever reads gets the same one, so that no reader cuts another's window short.
 * Runs once: what was stopped is not started again. An unknown name throws when built; after that nothing throws.
 */
export class SaturationMonitor {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #sources: readonly (Probe | (() => Probe))[];
  readonly #probes = new Map<string, Probe>();
  readonly #declared: Map<string, Probe>;
  readonly #readings = new Map<string, Reading>();
  #ticked = false;
  #cancel: (() => void) | undefined;

  constructor({ clock, probes: sources, intervalMs, declared = declaredProbes }: SaturationOptions) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#declared = declared;
    this.#sources = sources.map((source) => (typeof source === 'string' ? named(source) : source));
  }

  start(): void {
    if (this.#cancel !== undefined) return;
    for (const source of this.#sources) this.#admit(source);
    this.#cancel = this.#clock.every(this.#intervalMs, () => this.#tick());
  }

  /**
   * What was last seen. Before the first tick, probes that have no reading yet are sampled for it, save those whose
   * readings are of a time: of these nothing is known yet.
   */
  read(): Saturation {
    if (!this.#ticked) this.#sampleThoseWithout();
    let worst: string | null = null;
    let ratio: number | null = null;
    for (const [name, reading] of this.#readings) {
      if (ratio !== null && reading.ratio <= ratio) continue;
      worst = name;
      ratio = reading.ratio;
    }
    return { worst, ratio, resources: Object.fromEntries(this.#readings) };
  }

  /** Disposes the probes, last made first. What was last seen can still be read. */
  stop(): void {
    this.#cancel?.();
    for (const [name, probe] of [...this.#probes].reverse()) dispose(name, probe);
    this.#probes.clear();
  }

  #admit(source: Probe | (() => Probe)): void {
    let probe: Probe | undefined;
    try {
      probe = typeof source === 'function' ? source() : source;
      if (typeof probe.name !== 'string' || probe.name === '') throw new TypeError('a probe needs a name');
      if (this.#probes.has(probe.name)) throw new Error('a probe of that name is there already');
      this.#probes.set(probe.name, probe);
    } catch (cause) {
      const name = probe?.name || source?.name || 'without a name';
      unreadable(name, cause);
      if (probe && this.#probes.get(name) !== probe) dispose(name, probe);
    }
  }

  #tick(): void {
    this.#ticked = true;
    this.#readings.clear();
    this.#sampleThoseWithout();
  }

  #sampleThoseWithout(): void {
    this.#sample(this.#probes);
    if (this.#cancel !== undefined) this.#sample(this.#declared);
  }

  #sample(probes: Map<string, Probe>): void {
    for (const [name, probe] of probes) {
      if (this.#readings.has(name)) continue;
      if (probe.overTime === true && !this.#ticked) continue;
      try {
        const reading = accepted(name, answerOf(probe));
        if (reading !== undefined) this.#readings.set(name, reading);
      } catch (cause) {
        unreadable(name, cause);
        probes.delete(name);
        dispose(name, probe);
      }
    }
  }
}

function named(name: string): () => Probe {
  if (!isProbeName(name)) throw new Error(unknownName('saturation probe', probes, name));
  return probes[name];
}

function answerOf(probe: Probe): Reading | undefined {
  const answer = probe.sample();
  if (!(answer instanceof Promise)) return answer;
  answer.catch(() => undefined); // unheard, its rejection would end the process
  throw new TypeError('sample() answered with a promise; a reading must be there at once');
}

/** Copied, so that a probe that writes to its own object later changes no snapshot. Only finite numbers pass. */
function accepted(name: string, reading: Reading | undefined): Reading | undefined {
  if (reading === undefined) return undefined;
  const { ratio, readings } = reading;
  if (!Number.isFinite(ratio) || ratio < 0) {
    diagnostics.drop('saturation', 'ratio_refused');
    const message = `saturation probe "${name}" gave the ratio ${messageOf(ratio)}; it must be a number, 0 or more`;
    diagnostics.warn(`saturation.ratio.${name}`, message);
    return undefined;
  }
  const finite = Object.entries(readings).filter(([, value]) => Number.isFinite(value));
  return { ratio, readings: Object.fromEntries(finite) };
}

function unreadable(name: string, cause: unknown): void {
  diagnostics.drop('saturation', 'probe_failed');
  diagnostics.warn(`saturation.probe.${name}`, `saturation probe "${name}" is left out: ${messageOf(cause)}`, cause);
}

function dispose(name: string, probe: Probe): void {
  guard(`dispose of saturation probe "${name}"`, () => probe.dispose?.());
}
