import { nearest } from '../core/nearest.js';
import { plain } from '../core/plain.js';
import { version } from '../core/version.js';
import { parsed } from './arguments.js';
import type { Command } from './command.js';
import { exits } from './exits.js';
import { Failure } from './failure.js';
import { manual, overview } from './help.js';
import type { Terminal } from './terminal.js';

export type Commands = Readonly<Record<string, Command>>;

/** Runs one command line (without `node` and the script) and answers with the exit code. Never rejects. */
export async function main(args: readonly string[], commands: Commands, terminal: Terminal): Promise<number> {
  try {
    return await answer(args, commands, terminal);
  } catch (error) {
    if (error instanceof Failure) {
      terminal.err(`fourlights: ${plain(error.message)}\n`);
      return exits[error.exit];
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    terminal.err(`fourlights: this is a fault of fourlights itself; please report it.\n${plain(text)}\n`);
    return exits.fault;
  }
}

async function answer(args: readonly string[], commands: Commands, terminal: Terminal): Promise<number> {
  const [first] = args;
  if (first === undefined) {
    terminal.err(overview(commands));
    return exits.usage;
  }
  if (first === '--version') {
    terminal.out(`${version}\n`);
    return exits.ok;
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    terminal.out(first === 'help' && args.length > 1 ? manualOf(args.slice(1), commands) : overview(commands));
    return exits.ok;
  }
  const { name, command, rest } = find(args, commands);
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.out(manual(name, command));
    return exits.ok;
  }
  return command.run({ ...parsed(name, command, rest), terminal });
}

function manualOf(words: readonly string[], commands: Commands): string {
  const { name, command } = find(words, commands);
  return manual(name, command);
}

/** By the longest name that the line begins with: `rules check` before `rules`. */
function find(args: readonly string[], commands: Commands): { name: string; command: Command; rest: string[] } {
  const option = args.findIndex((word) => word.startsWith('-'));
  const words = option === -1 ? args : args.slice(0, option);
  for (let length = words.length; length > 0; length--) {
    const name = words.slice(0, length).join(' ');
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined) continue;
    // A word that the command does not take may be meant for one of its kind: `rules chekc`.
    const ofItsKind = Object.keys(commands).some((other) => other.startsWith(`${name} `));
    if (ofItsKind && words.length - length > (command.words?.length ?? 0)) break;
    return { name, command, rest: args.slice(length) };
  }
  throw unknown(words.length === 0 ? args.slice(0, 1) : words, Object.keys(commands));
}

function unknown(words: readonly string[], known: readonly string[]): Failure {
  const asked = words.slice(0, 2).join(' ');
  const meant = nearest(asked, known) ?? nearest(words[0] ?? '', known);
  const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
  return new Failure('usage', `there is no command "${asked}"${hint}; known: ${known.join(', ')}`);
}
