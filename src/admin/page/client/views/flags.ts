import type { FlagRow, FlagsAnswer, VariantRow } from '../../../api/flags.js';
import { errors, figure } from '../columns.js';
import { type Child, h, type Piece } from '../dom.js';
import { count, percent, seconds } from '../format.js';
import { badge, empty, loaded, panel, search } from '../pieces.js';
import { choose } from '../route.js';
import { type Column, table } from '../table.js';
import type { Scene, View } from '../view.js';
import { buttons } from './flag-buttons.js';

const LAYERS: Readonly<Record<string, string>> = {
  kill: '✕ killed',
  override: '● overridden',
  shed: '◔ shed under load',
};

/** Each flag with its variants side by side, and what can be done about it here. */
export const flags: View = {
  title: 'Flags',
  asks: () => ['flags'],
  draw: (scene) =>
    loaded<FlagsAnswer>(scene, 'flags', ({ flags: all, status, source }) => {
      const wanted = scene.place.query.get('q') ?? scene.place.of;
      const some = all.filter(({ key }) => key.toLowerCase().includes(wanted.toLowerCase()));
      return [
        h(
          'div',
          { class: 'filters' },
          search(wanted, (q) => choose({ ...scene.place, of: '' }, { q })),
          h('p', { class: 'hint' }, `From ${source} (${status}). Changes are for this process only, and are logged.`),
        ),
        some.length === 0
          ? panel('Flags', '', empty(all.length === 0 ? 'No flag is known.' : 'No flag has that in its key.'))
          : some.map((flag) => card(flag, scene)),
      ];
    }),
};

function card(flag: FlagRow, scene: Scene): Piece {
  const { key, state, layer, source, targeting, metadata } = flag;
  return h(
    'section',
    { key, class: `panel flag ${layer ?? ''}`, 'aria-label': `flag ${key}` },
    h(
      'div',
      { class: 'head' },
      h('h2', {}, key),
      badge(
        layer === null ? (state === 'ENABLED' ? '✓ by its rule' : '○ disabled') : (LAYERS[layer] ?? layer),
        layer ?? state.toLowerCase(),
      ),
      layer === 'override' && h('span', {}, 'always ', h('code', {}, flag.forced ?? '')),
      h('div', { class: 'aside' }, `from ${source}`),
    ),
    rollout(flag),
    flag.variants.length > 0 && variants(flag.variants, flag.defaultVariant),
    Object.keys(metadata).length > 0 &&
      h(
        'p',
        { class: 'hint' },
        Object.entries(metadata)
          .map(([name, value]) => `${name}: ${value}`)
          .join(' · '),
      ),
    targeting !== null && h('details', {}, h('summary', {}, 'Rule'), h('pre', { tabindex: 0 }, targeting)),
    h('div', { class: 'buttons' }, buttons(flag, scene)),
  );
}

/** How the default split is weighted, where the rule is one. */
function rollout({ targeting }: FlagRow): Child {
  const shares = sharesOf(targeting);
  if (shares === undefined) return null;
  const whole = shares.reduce((sum, [, weight]) => sum + weight, 0);
  return h(
    'div',
    { class: 'split' },
    shares.map(([name, weight], index) =>
      h(
        'span',
        {
          class: `s${index % 6}`,
          css: { 'flex-grow': String(weight / whole) },
          title: `${name}: ${percent(weight / whole)}`,
        },
        `${name} ${percent(weight / whole)}`,
      ),
    ),
  );
}

function sharesOf(targeting: string | null): [string, number][] | undefined {
  try {
    const { fractional } = JSON.parse(targeting ?? '{}');
    const pairs = Array.isArray(fractional) ? fractional.filter(Array.isArray) : [];
    const shares = pairs.map(([name, weight]): [string, number] => [
      String(name),
      weight === undefined ? 1 : Number(weight),
    ]);
    return shares.length > 0 && shares.every(([, weight]) => weight >= 0) ? shares : undefined;
  } catch {
    return undefined; // cut, as it was too long
  }
}

const time = (name: 'p50' | 'p95' | 'p99'): Column<VariantRow> => ({
  name,
  number: true,
  cell: (row) => h('span', { title: `of ${row.count} requests` }, seconds(row[name])),
});

function variants(rows: readonly VariantRow[], byDefault: string | null): Piece {
  return table(rows, {
    caption: 'Variants',
    key: ({ variant }) => variant,
    columns: [
      {
        name: 'Variant',
        cell: ({ variant }) => [variant, variant === byDefault && h('span', { class: 'hint' }, ' default')],
      },
      { name: 'Value', cell: ({ value }) => h('code', {}, value ?? '') },
      figure('Requests', ({ exposures }) => exposures, count, { title: 'in the last minute' }),
      time('p50'),
      time('p95'),
      time('p99'),
      errors(),
      figure('Total', ({ total }) => total, count, { title: 'since the start' }),
    ],
  });
}
