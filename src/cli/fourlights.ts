#!/usr/bin/env node
import { commands } from './commands.js';
import { main } from './main.js';
import { standardStreams } from './terminal.js';

const terminal = standardStreams(process);
const code = await main(process.argv.slice(2), commands, terminal);
await terminal.flushed();
// A file of rules may have started what never ends.
process.exit(code);
