import type { Command } from './command.js';
import { dashboard } from './commands/dashboard.js';
import { demo } from './commands/demo.js';
import { flagsExplain } from './commands/flags-explain.js';
import { flagsTypes } from './commands/flags-types.js';
import { flagsValidate } from './commands/flags-validate.js';
import { init } from './commands/init.js';
import { rules } from './commands/rules.js';
import { rulesArgo } from './commands/rules-argo.js';
import { rulesCheck } from './commands/rules-check.js';
import { rulesFlag } from './commands/rules-flag.js';
import { rulesFlagger } from './commands/rules-flagger.js';
import { top } from './commands/top.js';
import { verdict } from './commands/verdict.js';

/** A new command is a file in `commands/` and a line here; its name may be of two words. Help and hints derive from it. */
export const commands = {
  rules,
  'rules check': rulesCheck,
  'rules flag': rulesFlag,
  'rules argo': rulesArgo,
  'rules flagger': rulesFlagger,
  dashboard,
  'flags validate': flagsValidate,
  'flags types': flagsTypes,
  'flags explain': flagsExplain,
  verdict,
  top,
  init,
  demo,
} as const satisfies Readonly<Record<string, Command>>;
