import { describe } from 'vitest';
import { stores } from '../../../src/rollouts/stores/stores.js';
import { storeContract } from './store-contract.js';

describe.each(Object.entries(stores))('the store %s', (_name, create) => storeContract(create));
