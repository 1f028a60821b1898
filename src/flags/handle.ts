import type { Engine } from './engine.js';
import type { EvaluationContext, FlagKind, FlagValue } from './evaluation.js';
import type { CompiledFlag } from './flag.js';
import type { FlagSet } from './flag-set.js';

/** One flag, found once: for code that runs so often that looking its name up would count. */
export class FlagHandle<T extends FlagValue> {
  readonly key: string;
  readonly #fallback: T;
  readonly #kind: FlagKind;
  readonly #engine: Engine;
  #set: FlagSet | undefined;
  #flag: CompiledFlag | undefined;

  constructor(engine: Engine, key: string, kind: FlagKind, fallback: T) {
    this.#engine = engine;
    this.key = key;
    this.#kind = kind;
    this.#fallback = fallback;
  }

  /** The value, as the client's own methods give it. */
  on(context?: EvaluationContext): T {
    const { serving } = this.#engine;
    if (serving !== this.#set) {
      this.#set = serving;
      this.#flag = serving.flags.get(this.key);
    }
    const outcome = this.#engine.outcome(this.key, this.#kind, this.#fallback, context, this.#flag);
    return outcome.kind === this.#kind ? (outcome.value as T) : this.#fallback; // of the kind that T is of
  }
}
