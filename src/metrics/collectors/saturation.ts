import type { Saturation } from '../../core/saturation.js';
import type { Collector, Family, NumberPoint } from '../family.js';
import { keptLabels } from '../labels.js';

/** A reading's key ends in its unit (see `core/saturation`); of `thread_count` comes `threads`, and of `used_count` no word. */
const UNITS = [
  ['_bytes', 'By'],
  ['_seconds', 's'],
  ['_ratio', '1'],
] as const;

/** How full each resource is, and what that was made of: one family a kind of reading, one series a resource. */
export function saturation(read: () => Saturation): Collector {
  const labelsOf = keptLabels((resource: string) => ({ resource }));
  return () => {
    const { resources } = read();
    const ratios: NumberPoint[] = [];
    const readings = new Map<string, NumberPoint[]>();
    for (const [resource, reading] of Object.entries(resources)) {
      const labels = labelsOf(resource);
      ratios.push({ labels, value: reading.ratio });
      for (const [key, value] of Object.entries(reading.readings)) {
        const points = readings.get(key) ?? [];
        readings.set(key, points);
        points.push({ labels, value });
      }
    }
    return [
      {
        ...{ type: 'gauge', over: 'max', name: 'saturation', unit: '1', points: ratios },
        help: 'How full a resource is: 0 idle, 1 full, above 1 when demand queues.',
        action: 'the highest is the headroom that is left: act on that resource first.',
      },
      ...[...readings].map(([key, points]) => readingFamily(key, points)),
    ];
  };
}

function readingFamily(key: string, points: readonly NumberPoint[]): Family {
  const [suffix, unit] = UNITS.find(([end]) => key.endsWith(end)) ?? ['', '{}'];
  const what = key.slice(0, key.length - suffix.length).replace(/^(used|idle|waiting|limit|max)_count$/, '$1_items');
  return {
    ...{ type: 'gauge', over: 'max', name: `saturation.${what}`, unit, points },
    help: `What the saturation of a resource was made of: ${what.replaceAll('_', ' ')}.`,
    action: 'read it beside saturation_ratio of the same resource.',
  };
}
