import type { Group } from '../fault.js';
import { abort } from './clients/abort.js';
import { headers } from './clients/headers.js';
import { idle } from './clients/idle.js';
import { isolation } from './clients/isolation.js';
import { protocols } from './clients/protocols.js';
import { slow } from './clients/slow.js';

export const clients: Group = { name: 'clients', faults: [abort, slow, isolation, headers, idle, protocols] };
