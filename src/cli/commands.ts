import type { Command } from './command.js';
import { dashboard } from './commands/dashboard.js';
import { init } from './commands/init.js';
import { rules } from './commands/rules.js';
import { rulesCheck } from './commands/rules-check.js';

/** A new command is a file in `commands/` and a line here; its name may be of two words. Help and hints derive from it. */
export const commands = {
  rules,
  'rules check': rulesCheck,
  dashboard,
  init,
} as const satisfies Readonly<Record<string, Command>>;
