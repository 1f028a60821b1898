import cluster, { type Worker } from 'node:cluster';
import type { Clock } from '../../core/clock.js';
import { guard } from '../../core/guard.js';
import { fleetHealth } from '../collectors/fleet-health.js';
import { Deltas } from '../deltas.js';
import type { Rendered } from '../exposition.js';
import type { Family } from '../family.js';
import { Fleet } from './fleet.js';
import { isOurs, type ToWorker } from './messages.js';
import { Reporter } from './report.js';

type Render = (asked: { readonly accept?: string | undefined }) => Promise<Rendered>;

/** No worker has this number. */
const OWN = 0;

/** Collects what the workers of this process report, and adds what the process itself has. */
export class PrimaryMetrics {
  readonly #clock: Clock;
  readonly #render: Render;
  readonly #fleet = new Fleet();
  readonly #deltas = new Deltas();
  readonly #reporter = new Reporter();
  #hasWorkers = false;

  /** `render`: the text of all processes, for a worker that is asked for it. */
  constructor(clock: Clock, render: Render) {
    this.#clock = clock;
    this.#render = render;
  }

  start(): void {
    cluster.on('message', this.#onMessage);
    cluster.on('exit', this.#onEnd);
    cluster.on('disconnect', this.#onEnd);
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (worker !== undefined) send(worker, { fourlights: 'metrics.welcome' });
    }
  }

  stop(): void {
    cluster.off('message', this.#onMessage);
    cluster.off('exit', this.#onEnd);
    cluster.off('disconnect', this.#onEnd);
  }

  /** Of all processes, given those of this one. */
  families(own: readonly Family[]): readonly Family[] {
    if (!this.#hasWorkers) return own;
    const nowMs = this.#clock.monotonic();
    this.#fleet.take(OWN, this.#reporter.report(this.#deltas.since(own)), nowMs);
    this.#deltas.commit();
    const summaries = own.filter(({ type }) => type === 'summary');
    return [...fleetHealth(this.#fleet.ages(nowMs)), ...this.#fleet.families(), ...summaries];
  }

  /** The end of the process and of its channel come in any order; until both have, a report may still be on its way. */
  readonly #onEnd = (worker: Worker): void => {
    if (worker.isDead() && !worker.isConnected()) this.#fleet.forget(worker.id);
    else this.#fleet.gone(worker.id);
  };

  readonly #onMessage = (worker: Worker, message: unknown): void => {
    if (!isOurs(message)) return;
    guard('cluster metrics', () => {
      if (message.fourlights === 'metrics.hello') send(worker, { fourlights: 'metrics.welcome' });
      else if (message.fourlights === 'metrics.ask') return this.#answer(worker, message.id, message.accept);
      else if (message.fourlights === 'metrics.report') {
        this.#hasWorkers = true;
        this.#fleet.take(worker.id, message, this.#clock.monotonic());
      }
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
