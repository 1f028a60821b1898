import type { Clock } from '../../core/clock.js';
import { diagnostics } from '../../core/diagnostics.js';
import { Outbox } from '../../core/outbox.js';
import type { AnyEvent, Writer } from './writer.js';

const ATTEMPTS = 5;

/** Brings events to one writer. What the fleet has decided was written where it was decided. */
export class Delivery {
  readonly #writer: Writer;
  readonly #outbox: Outbox<AnyEvent>;

  constructor(writer: Writer, clock: Clock, random?: () => number) {
    const code = `rollouts.writer.${writer.name.slice(0, 60)}`;
    const lost = ({ event, flag }: AnyEvent, reason: string, why: string): void => {
      diagnostics.drop('rollouts', reason);
      diagnostics.warn(code, `${writer.name}: not written: ${event} of flag "${flag}": ${why}`);
    };
    const deliver = (event: AnyEvent, signal: AbortSignal): Promise<void> => writer.write(event, signal);
    const close = (): void => writer.close?.();
    this.#writer = writer;
    this.#outbox = new Outbox<AnyEvent>({ deliver, lost, close }, { clock, random, attempts: ATTEMPTS });
  }

  /** A sink for `Rollouts`: never throws, never waits. */
  readonly add = (event: AnyEvent): void => {
    if (event.by !== 'fleet' && this.#writer.wants(event)) this.#outbox.put(event);
  };

  /** Resolves when all is written or given up. */
  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  /** Gives up what waits. */
  stop(): Promise<void> {
    return this.#outbox.close(0);
  }
}
