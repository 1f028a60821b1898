import { h } from '../dom.js';
import { loaded, panel } from '../pieces.js';
import type { View } from '../view.js';
import { pairs } from '../waterfall.js';

interface Answer {
  readonly configuration: Readonly<Record<string, unknown>>;
}

export const configuration: View = {
  title: 'Configuration',
  asks: () => ['configuration'],
  draw: (scene) =>
    loaded<Answer>(scene, 'configuration', ({ configuration: all }) =>
      panel(
        'Configuration',
        'what is safe to show; secrets never are',
        h(
          'dl',
          { class: 'pairs wide' },
          pairs(
            Object.entries(all).map(
              ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
            ),
          ),
        ),
      ),
    ),
};
