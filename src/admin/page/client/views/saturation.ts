import type { HistoryAnswer } from '../../../api/history.js';
import type { ResourceRow } from '../../../api/saturation.js';
import { chart } from '../chart.js';
import { h } from '../dom.js';
import { percent, reading } from '../format.js';
import { loaded, meter, panel } from '../pieces.js';
import type { View } from '../view.js';

interface Answer {
  readonly resources: readonly ResourceRow[];
}

/** How full each resource is: the number, the bar, and what it was made of. */
export const saturation: View = {
  title: 'Saturation',
  asks: () => ['saturation', 'history'],
  draw: (scene) => [
    panel(
      'Saturation',
      'the fullest resource, 15 minutes',
      chart({
        name: 'saturation view',
        history: scene.store.get<HistoryAnswer>('history'),
        now: scene.now,
        lines: [{ name: 'fullest', column: 6 }],
        shown: percent,
        atLeast: 1,
        redraw: scene.redraw,
      }),
    ),
    loaded<Answer>(scene, 'saturation', ({ resources }) =>
      panel(
        'Resources',
        '0 % idle, 100 % full, above: work waits',
        h(
          'ul',
          { class: 'resources' },
          resources.map(({ name, ratio, readings }) =>
            h(
              'li',
              { key: name },
              h('span', { class: 'name' }, name),
              h('span', { class: 'number' }, percent(ratio)),
              meter(ratio, `${name}: ${percent(ratio)}`),
              h(
                'span',
                { class: 'readings' },
                Object.entries(readings).map(([key, value]) =>
                  h('span', {}, `${key.replace(/_/g, ' ')} `, h('b', {}, reading(key, value))),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  ],
};
