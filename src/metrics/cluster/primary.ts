import cluster, { type Worker } from 'node:cluster';
import type { Clock } from '../../core/clock.js';
import { guard } from '../../core/guard.js';
import { fleetHealth } from '../collectors/fleet-health.js';
import type { Rendered } from '../exposition.js';
import type { Family } from '../family.js';
import { Gathering } from './gathering.js';
import { isOurs, type ToWorker, welcome } from './messages.js';

type Render = (asked: { readonly accept?: string | undefined }) => Promise<Rendered>;

/** Collects what the workers of this process report, and adds what the process itself has. */
export class PrimaryMetrics {
  readonly #render: Render;
  readonly #gathering: Gathering;
  readonly #welcome = welcome();

  /** `render`: the text of all processes, for a worker that is asked for it. */
  constructor(clock: Clock, render: Render) {
    this.#render = render;
    this.#gathering = new Gathering(clock);
  }

  start(): void {
    cluster.on('message', this.#onMessage);
    cluster.on('exit', this.#onEnd);
    cluster.on('disconnect', this.#onEnd);
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (worker !== undefined) send(worker, this.#welcome);
    }
  }

  stop(): void {
    cluster.off('message', this.#onMessage);
    cluster.off('exit', this.#onEnd);
    cluster.off('disconnect', this.#onEnd);
  }

  /** Of all processes, given those of this one. */
  families(own: readonly Family[]): readonly Family[] {
    const all = this.#gathering.families(own);
    return all === undefined ? own : [...fleetHealth(this.#gathering.ages()), ...all];
  }

  /** The end of the process and of its channel come in any order; until both have, a report may still be on its way. */
  readonly #onEnd = (worker: Worker): void => {
    if (worker.isDead() && !worker.isConnected()) this.#gathering.forget(worker.id);
    else this.#gathering.gone(worker.id);
  };

  readonly #onMessage = (worker: Worker, message: unknown): void => {
    if (!isOurs(message)) return;
    guard('cluster metrics', () => {
      if (message.fourlights === 'metrics.hello') send(worker, this.#welcome);
      else if (message.fourlights === 'metrics.ask') return this.#answer(worker, message.id, message.accept);
      else if (message.fourlights === 'metrics.report') this.#gathering.take(worker.id, message);
      else if (message.fourlights === 'metrics.gone') this.#gathering.gone(worker.id);
      return undefined;
    });
  };

  async #answer(worker: Worker, id: number, accept: string | undefined): Promise<void> {
    const { contentType, body } = await this.#render({ accept });
    send(worker, { fourlights: 'metrics.answer', id, contentType, body: body.toString() });
  }
}

/** A worker that is about to end may not take it any more: nobody needs it then. */
function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, undefined, () => undefined);
}
