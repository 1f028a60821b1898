import type { Command, Options } from './command.js';
import { exits, meanings } from './exits.js';

/** The list of all commands. */
export function overview(commands: Readonly<Record<string, Command>>): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => [name, summary] as const);
  return [
    'fourlights <command> [options]',
    '',
    ...columns(lines),
    '',
    'fourlights <command> --help says more; fourlights --version says which this is.',
    '',
  ].join('\n');
}

/** All there is to say of one command. */
export function manual(name: string, { summary, words = [], options, exits: own = {}, example }: Command): string {
  const usage = ['fourlights', name, ...words, ...Object.entries(options).map(synopsis)].join(' ');
  const common = Object.entries(meanings).map(([key, what]) => [String(exits[key as keyof typeof meanings]), what]);
  const codes = { ...Object.fromEntries(common), ...own };
  return [
    usage,
    '',
    `${summary}.`,
    '',
    'Options:',
    ...columns([...Object.entries(options).map(described), ['--help', 'this text']]),
    '',
    'Exit codes:',
    ...columns(Object.entries(codes)), // numbers come in their order
    '',
    'Example:',
    `  fourlights ${example}`,
    '',
  ].join('\n');
}

type Named = readonly [name: string, option: Options[string]];

function synopsis([name, option]: Named): string {
  const text = option.type === 'string' ? `--${name} <${option.value}>` : `--${name}`;
  return option.type === 'string' && option.required ? text : `[${text}]`;
}

function described([name, option]: Named): readonly [string, string] {
  if (option.type === 'boolean') return [`--${name}`, option.help];
  const preset = option.default === undefined ? '' : ` (${option.default} when left out)`;
  return [`--${name} <${option.value}>`, `${option.help}${preset}`];
}

function columns(lines: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
