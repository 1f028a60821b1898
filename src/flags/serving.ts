import { diagnostics } from '../core/diagnostics.js';
import type { Control } from './control.js';
import { type Engine, NOTHING } from './engine.js';
import type { FlagSet } from './flag-set.js';
import { Stages } from './stages.js';

/** Which flags are in force: those of the document, with the shares of guarded rollouts in place of its own. */
export class Serving {
  readonly #engine: Engine;
  readonly #control: Control;
  readonly #stages = new Stages();
  #document: FlagSet = NOTHING;

  constructor(engine: Engine, control: Control) {
    this.#engine = engine;
    this.#control = control;
  }

  document(set: FlagSet): void {
    this.#document = set;
    const before = this.#engine.serving;
    this.#engine.serving = this.#stages.applied(set);
    this.#control.replaced(before, this.#engine.serving);
  }

  /** Never throws. False: what is no share is reported, and one that no flag takes yet waits for it. */
  rollout(key: string, percent: number | undefined): boolean {
    try {
      this.#stages.set(key, percent);
    } catch (cause) {
      diagnostics.report('flags.rollout', cause);
      return false;
    }
    this.document(this.#document);
    return percent === undefined || this.#engine.serving.flags.get(key) !== this.#document.flags.get(key);
  }
}
