import type { Call, CallObserver } from '../core/call.js';
import { errorTypeOf, isGivenUp } from './dependencies-outcome.js';
import type { DependencyRegistry } from './dependencies-registry.js';

/** From here on a status is the peer's failure; below, its answer to what it was asked. */
const FIRST_ERROR_STATUS = 500;

/** Every outgoing HTTP call feeds the dependency of its peer, without further code. */
export class DependencyCalls implements CallObserver {
  readonly name = 'dependency signals';
  readonly #registry: DependencyRegistry;

  constructor(registry: DependencyRegistry) {
    this.#registry = registry;
  }

  start(call: Call): void {
    this.#registry.peer(call.authority).inFlight++;
  }

  end(call: Call): void {
    const series = this.#registry.peer(call.authority);
    if (call.failure !== undefined) {
      if (isGivenUp(call.failure)) {
        series.gaveUp(call.endedMs);
        return;
      }
      const type = errorTypeOf(call.failure);
      series.ended(call.method, type, type, call.startedMs, call.endedMs);
      return;
    }
    const error = call.status >= FIRST_ERROR_STATUS ? String(call.status) : undefined;
    series.ended(call.method, call.status, error, call.startedMs, call.endedMs);
  }
}
