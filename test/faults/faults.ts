import type { Group } from './fault.js';
import { callbacks } from './groups/callbacks.js';
import { clients } from './groups/clients.js';
import { collector } from './groups/collector.js';
import { copies } from './groups/copies.js';
import { exits } from './groups/exits.js';
import { flags } from './groups/flags.js';
import { guarantees } from './groups/guarantees.js';
import { host } from './groups/host.js';
import { log } from './groups/log.js';
import { sinks } from './groups/sinks.js';
import { soaks } from './groups/soak.js';

/** The one table: a group is one file under `groups/` and one line here. */
export const groups: readonly Group[] = [
  collector,
  flags,
  log,
  sinks,
  exits,
  host,
  callbacks,
  clients,
  copies,
  guarantees,
  soaks,
];
