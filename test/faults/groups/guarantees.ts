import type { Group } from '../fault.js';
import { admin } from './guarantees/admin.js';
import { breach } from './guarantees/breach.js';
import { cardinality } from './guarantees/cardinality.js';
import { overhead } from './guarantees/overhead.js';
import { secrets } from './guarantees/secrets.js';
import { trust } from './guarantees/trust.js';

export const guarantees: Group = { name: 'guarantees', faults: [secrets, trust, cardinality, admin, breach, overhead] };
