import type { Command } from './command.js';
import { init } from './commands/init.js';
import { rules } from './commands/rules.js';

/** A new command is a file in `commands/` and a line here; its name may be of two words. Help and hints derive from it. */
export const commands = {
  rules,
  init,
} as const satisfies Readonly<Record<string, Command>>;
