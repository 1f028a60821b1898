import type { Group } from '../fault.js';
import { apm } from './copies/apm.js';
import { clusters } from './copies/clusters.js';
import { supply } from './copies/supply.js';
import { twice } from './copies/twice.js';
import { versions } from './copies/versions.js';
import { workers } from './copies/workers.js';

export const copies: Group = { name: 'copies', faults: [twice, versions, workers, clusters, apm, supply] };
