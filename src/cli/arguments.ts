import { parseArgs } from 'node:util';
import { nearest } from '../core/nearest.js';
import type { Command, Options, Values } from './command.js';
import { Failure } from './failure.js';

export interface Parsed {
  readonly values: Values<Options>;
  readonly words: readonly string[];
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

/** The options and words of a command line. Throws a `Failure` that says what is wrong with it and what would be right. */
export function parsed(name: string, command: Command, args: readonly string[]): Parsed {
  const config = Object.fromEntries(Object.entries(command.options).map(([key, { type }]) => [key, { type }]));
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const given = new Map<string, string | boolean>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind === 'option') given.set(token.name, checkedValue(token, name, command.options, given));
  }
  checkWords(name, command, words);
  return { values: completed(name, command.options, given), words };
}

function checkedValue(
  token: OptionToken,
  command: string,
  options: Options,
  given: ReadonlyMap<string, unknown>,
): string | boolean {
  const wrong = (what: string): Failure => usage(command, `${token.rawName} ${what}`);
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
  if (option === undefined) throw unknownOption(command, token.rawName, options);
  if (given.has(token.name)) throw wrong('is given twice');
  if (option.type === 'boolean') {
    if (token.value !== undefined) throw wrong(`takes no value, got "${token.value}"`);
    return true;
  }
  // `--from --out x` forgot a value; `--from=--out` means what it says.
  const forgotten = token.value === undefined || (!token.inlineValue && /^-./.test(token.value));
  if (forgotten || token.value === '') throw wrong(`needs a value: ${token.rawName} <${option.value}>`);
  return token.value as string;
}

function unknownOption(command: string, rawName: string, options: Options): Failure {
  const known = ['help', ...Object.keys(options)].map((key) => `--${key}`);
  const meant = nearest(rawName, known);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  return usage(command, `there is no option ${rawName}${hint}; known: ${known.join(', ')}`);
}

function checkWords(name: string, { words: names = [] }: Command, words: readonly string[]): void {
  const extra = words[names.length];
  if (extra !== undefined) throw usage(name, `"${extra}" is one word too many`);
  const missing = names.slice(words.length).find((word) => word.startsWith('<'));
  if (missing !== undefined) throw usage(name, `${missing} is missing`);
}

function completed(name: string, options: Options, given: ReadonlyMap<string, string | boolean>): Values<Options> {
  const values: Record<string, string | boolean | undefined> = {};
  for (const [key, option] of Object.entries(options)) {
    values[key] = given.get(key) ?? (option.type === 'boolean' ? false : option.default);
    if (option.type === 'string' && option.required && values[key] === undefined)
      throw usage(name, `--${key} <${option.value}> is missing: ${option.help}`);
  }
  return values;
}

function usage(command: string, what: string): Failure {
  return new Failure('usage', `${what}. See: fourlights ${command} --help`);
}
