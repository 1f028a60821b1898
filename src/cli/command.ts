import type { Terminal } from './terminal.js';

interface Described {
  /** One line, no full stop. */
  readonly help: string;
}

export interface TextOption extends Described {
  readonly type: 'string';
  /** What stands for the value in the help: `file`, `url`. */
  readonly value: string;
  readonly required?: boolean | undefined;
  /** What it is when it is left out. */
  readonly default?: string | undefined;
}

export interface SwitchOption extends Described {
  readonly type: 'boolean';
}

export type Options = Readonly<Record<string, TextOption | SwitchOption>>;

/** A text that is required or has a default is there; a switch that is left out is `false`. */
export type Values<O extends Options> = { readonly [K in keyof O]: Value<O[K]> };

type Value<T> = T extends SwitchOption
  ? boolean
  : T extends { readonly required: true } | { readonly default: string }
    ? string
    : string | undefined;

export interface Call<O extends Options> {
  readonly values: Values<O>;
  /** The words after the command's name that are no options; at most as many as `words` names. */
  readonly words: readonly string[];
  readonly terminal: Terminal;
}

export interface Definition<O extends Options> {
  /** One line, no full stop: stands in the list of commands. */
  readonly summary: string;
  /** Names of the words it takes, in order; `[file]` may be left out, `<file>` may not. */
  readonly words?: readonly string[] | undefined;
  readonly options: O;
  /** What its own exit codes mean (1, 2); the common ones need no mention. */
  readonly exits?: Readonly<Record<number, string>> | undefined;
  /** A command line that works, without `fourlights` before it. */
  readonly example: string;
  /** Answers with the exit code. A `Failure` ends it with that one's. */
  run(call: Call<O>): number | Promise<number>;
}

/** A command whatever its options are: what the table holds. */
export interface Command extends Omit<Definition<Options>, 'run'> {
  run(call: Call<Options>): number | Promise<number>;
}

/**
 * What `fourlights <name>` does. A new one is a file in `commands/` and a line in the table. The options are known to the
 * compiler here and checked by `parsed` before `run` sees them: that is what makes the cast right.
 */
export function command<const O extends Options>(definition: Definition<O>): Command {
  return { ...definition, run: (call) => definition.run(call as Call<O>) };
}
