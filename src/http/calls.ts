import { Call, type CallObserver } from '../core/call.js';
import type { Clock } from '../core/clock.js';
import { diagnostics } from '../core/diagnostics.js';
import type { AllowedHosts } from './hosts.js';
import type { Header } from './injection.js';

export interface CallsOptions {
  readonly clock: Clock;
  readonly observers: readonly CallObserver[];
  readonly allowed: AllowedHosts;
  /** What goes out with a call to a host that may have it. */
  readonly headers: (call: Call) => readonly Header[];
}

const NO_HEADERS: readonly Header[] = [];

/** How a call leaves and how it ends: the one place that opens, times and closes outgoing calls. */
export class Calls {
  readonly #options: CallsOptions;

  constructor(options: CallsOptions) {
    this.#options = options;
  }

  open(method: string, scheme: string, authority: string, target: string, traced: boolean): Call {
    const call = new Call(method, scheme, authority, target, this.#options.clock.monotonic(), traced);
    const { observers } = this.#options;
    for (let i = 0; i < observers.length; i++) {
      const observer = observers[i] as CallObserver;
      try {
        observer.start?.(call);
      } catch (cause) {
        diagnostics.report(`observer ${observer.name}`, cause);
      }
    }
    return call;
  }

  headersFor(call: Call): readonly Header[] {
    const { allowed, headers } = this.#options;
    const going = headers(call);
    return going.length > 0 && allowed.allows(call.authority) ? going : NO_HEADERS;
  }

  close(call: Call): void {
    if (call.ended) return;
    call.ended = true;
    call.endedMs = this.#options.clock.monotonic();
    const { observers } = this.#options;
    for (let i = observers.length - 1; i >= 0; i--) {
      const observer = observers[i] as CallObserver;
      try {
        observer.end?.(call);
      } catch (cause) {
        diagnostics.report(`observer ${observer.name}`, cause);
      }
    }
  }
}
