import { numberOf, type Threshold } from '../../src/logs/levels.js';
import { type Log, type LogState, rootLog } from '../../src/logs/logger.js';
import { pinoPair } from '../../src/logs/pino.js';
import { manualClock } from '../../src/testing/manual-clock.js';

export type Line = Record<string, unknown>;

export interface MemoryLog {
  readonly log: Log;
  readonly state: LogState;
  /** What was written, byte for byte, one entry a write. */
  readonly raw: string[];
  lines(): Line[];
  /** The only line; fails when there is another number of them. */
  line(): Line;
  /** A new set-up under the same loggers, as a second `observe()` makes it. */
  setUpAgain(service: string): void;
}

/** The logger of a process whose lines stay in memory. */
export function memoryLog(options: { redact?: string[]; level?: Threshold } = {}): MemoryLog {
  const raw: string[] = [];
  const clock = manualClock();
  const pairOf = (service: string) =>
    pinoPair({ service, version: '1.2.3', environment: 'test' }, options.redact ?? [], clock, {
      write: (line: string) => void raw.push(line),
    });
  const state: LogState = { pair: pairOf('shop'), threshold: numberOf(options.level ?? 'info') };
  const lines = (): Line[] => raw.map((line) => JSON.parse(line));
  return {
    log: rootLog(state),
    state,
    raw,
    lines,
    line: () => {
      const [only, ...more] = lines();
      if (only === undefined || more.length > 0) throw new Error(`expected one line, got ${raw.length}`);
      return only;
    },
    setUpAgain: (service) => {
      state.pair = pairOf(service);
    },
  };
}
