import type { Group } from './fault.js';
import { collector } from './groups/collector.js';

/** The one table: a group is one file under `groups/` and one line here. */
export const groups: readonly Group[] = [collector];
