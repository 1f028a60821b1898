import type { Group } from '../fault.js';
import { blocked } from './host/blocked.js';
import { clock } from './host/clock.js';
import { frozen } from './host/frozen.js';
import { hostile } from './host/hostile.js';
import { overflow } from './host/overflow.js';
import { smallHeap } from './host/small-heap.js';

export const host: Group = { name: 'host', faults: [blocked, clock, smallHeap, overflow, frozen, hostile] };
