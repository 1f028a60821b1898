import { diagnostics } from '../core/diagnostics.js';
import type { Family } from './family.js';
import { baseName } from './prometheus-name.js';

/**
 * One family a name, as the formats demand: who comes first has it, so ours win over what is included. The others are
 * left out and told. Families without a series are left out in silence.
 */
export function merged(families: readonly Family[]): Family[] {
  const taken = new Set<string>();
  return families.filter((family) => {
    if (family.points.length === 0) return false;
    const name = baseName(family);
    if (taken.has(name)) {
      diagnostics.drop('metrics', 'duplicate_name');
      diagnostics.warn(
        `metrics name ${name}`,
        `two metrics are called ${name}: the later one is left out of /metrics. Rename it, or leave it out of \`include\`.`,
      );
      return false;
    }
    taken.add(name);
    return true;
  });
}
