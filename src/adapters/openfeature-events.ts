import { guard } from '../core/guard.js';
import type { ProviderEventEmitter, ServerProviderEvents } from './openfeature-sdk.js';

type Emitter = ProviderEventEmitter<ServerProviderEvents>;
type Event = Parameters<Emitter['addHandler']>[0];
type Handler = Parameters<Emitter['addHandler']>[1];
type About = Parameters<Emitter['emit']>[1];

/** The values of OpenFeature's enum, whose code is not imported for them. */
export type EventName = `${ServerProviderEvents}`;

/** How a provider tells the SDK. The SDK has a class for it, which would have to be loaded. */
export class OpenFeatureEvents implements Emitter {
  readonly #handlers = new Map<string, Handler[]>();

  emit(event: Event | EventName, about?: About): void {
    for (const handler of this.getHandlers(event))
      guard(`openfeature ${event}`, () => handler({ providerName: 'fourlights', ...about }));
  }

  addHandler(event: Event, handler: Handler): void {
    this.#handlers.set(event, [...this.getHandlers(event), handler]);
  }

  removeHandler(event: Event, handler: Handler): void {
    const handlers = this.getHandlers(event);
    const at = handlers.indexOf(handler);
    if (at !== -1) this.#handlers.set(event, handlers.toSpliced(at, 1));
  }

  removeAllHandlers(event?: Event): void {
    if (event === undefined) this.#handlers.clear();
    else this.#handlers.delete(event);
  }

  getHandlers(event: Event | EventName): Handler[] {
    return this.#handlers.get(event) ?? [];
  }

  /** What a handler throws is told by fourlights' own diagnostics. */
  setLogger(): this {
    return this;
  }
}
