import type { Evidence, RolloutState } from '../../../api/sources.js';
import { h, type Piece } from '../dom.js';
import { digits } from '../format.js';
import { badge, empty, loaded, panel, when } from '../pieces.js';
import type { Scene, View } from '../view.js';

interface Answer {
  readonly rollouts: readonly RolloutState[];
}

const STATUS: Readonly<Record<RolloutState['status'], readonly [string, string]>> = {
  advancing: ['▲ advancing', 'enabled'],
  holding: ['◔ holding', 'slow'],
  paused: ['‖ paused', 'slow'],
  rolled_back: ['✕ rolled back', 'error'],
  complete: ['✓ complete', 'enabled'],
};

/** Guarded rollouts: the stage, why it is there, and the evidence as it grew. */
export const rollouts: View = {
  title: 'Rollouts',
  asks: () => ['rollouts'],
  there: ({ has }) => has.rollouts,
  draw: (scene) =>
    loaded<Answer>(scene, 'rollouts', ({ rollouts: all }) =>
      all.length === 0
        ? panel('Rollouts', '', empty('No rollout is guarded.'))
        : all.map((state) => card(state, scene)),
    ),
};

function card(state: RolloutState, scene: Scene): Piece {
  const { flag, variant, status, stages, stage, reason, sinceMs, evidence } = state;
  const [text, kind] = STATUS[status];
  return h(
    'section',
    { key: flag, class: 'panel', 'aria-label': `rollout of ${flag}` },
    h(
      'div',
      { class: 'head' },
      h('h2', {}, `${flag} → ${variant}`),
      badge(text, kind),
      h('div', { class: 'aside' }, when(sinceMs, scene)),
    ),
    h(
      'ol',
      { class: 'stages', 'aria-label': 'stages' },
      stages.map((percent, index) =>
        h(
          'li',
          {
            class: index < stage ? 'past' : index === stage ? 'here' : '',
            'aria-current': index === stage ? 'step' : undefined,
          },
          `${percent} %`,
        ),
      ),
    ),
    h('p', {}, reason),
    h('div', { class: 'two' }, evidence.map(curve)),
    status === 'rolled_back' &&
      h(
        'div',
        { class: 'buttons' },
        h(
          'button',
          {
            on: {
              click: () =>
                scene.confirm({
                  title: `Arm ${flag} again?`,
                  text: 'It begins again at its first stage, with no evidence.',
                  yes: 'Arm again',
                  danger: false,
                  act: () => rearm(flag, scene),
                }),
            },
          },
          'Arm again',
        ),
      ),
  );
}

async function rearm(flag: string, { store, redraw }: Scene): Promise<string | undefined> {
  const problem = await store.change('rollouts', { action: 'rearm', flag });
  await store.ask('rollouts');
  redraw();
  return problem;
}

function curve({ metric, curve: points, rollbackAt }: Evidence): Piece {
  const values = points.map(([, value]) => value);
  const top = Math.max(rollbackAt * 1.2, ...values);
  const bottom = Math.min(0, ...values);
  const [first = 0, last = 1] = [points[0]?.[0], points.at(-1)?.[0]];
  const y = (value: number): number => 100 - ((value - bottom) / (top - bottom || 1)) * 100;
  const x = (at: number): number => ((at - first) / (last - first || 1)) * 600;
  const d = points
    .map(([at, value], index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`)
    .join('');
  return h(
    'figure',
    { class: 'chart' },
    h(
      'div',
      {
        class: 'plot',
        role: 'img',
        'aria-label': `evidence against by ${metric}: now ${digits(values.at(-1) ?? 0, 3)}, rolled back at ${digits(rollbackAt, 3)}`,
      },
      h(
        'svg',
        { viewBox: '0 0 600 100', preserveAspectRatio: 'none' },
        h('path', { class: 'limit', d: `M0 ${y(rollbackAt)}L600 ${y(rollbackAt)}` }),
        h('path', { class: 'line l0', d }),
      ),
    ),
    h(
      'figcaption',
      {},
      h('span', {}, metric),
      h('span', {}, `evidence against ${digits(values.at(-1) ?? 0, 3)} of ${digits(rollbackAt, 3)}`),
    ),
  );
}
