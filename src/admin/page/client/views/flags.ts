import type { FlagRow, FlagsAnswer, VariantRow } from '../../../api/flags.js';
import { type Child, h, type Piece } from '../dom.js';
import { count, percent, seconds } from '../format.js';
import { badge, chosen, empty, field, loaded, panel } from '../pieces.js';
import { choose } from '../route.js';
import { table } from '../table.js';
import type { Scene, View } from '../view.js';

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
      const text = (scene.place.query.get('q') ?? scene.place.of).toLowerCase();
      const some = all.filter(({ key }) => key.toLowerCase().includes(text));
      return [
        h(
          'div',
          { class: 'filters' },
          field(
            'Search',
            h('input', {
              type: 'search',
              value: scene.place.query.get('q') ?? scene.place.of,
              on: { input: (event) => choose({ ...scene.place, of: '' }, { q: chosen(event) }) },
            }),
          ),
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
      { name: 'Requests', title: 'in the last minute', number: true, cell: ({ exposures }) => count(exposures) },
      {
        name: 'p50',
        number: true,
        cell: ({ p50, count: n }) => h('span', { title: `of ${n} requests` }, seconds(p50)),
      },
      {
        name: 'p95',
        number: true,
        cell: ({ p95, count: n }) => h('span', { title: `of ${n} requests` }, seconds(p95)),
      },
      {
        name: 'p99',
        number: true,
        cell: ({ p99, count: n }) => h('span', { title: `of ${n} requests` }, seconds(p99)),
      },
      {
        name: 'Errors',
        number: true,
        cell: ({ errors, errorRatio }) =>
          h(
            'span',
            { class: errors > 0 ? 'bad' : undefined },
            errors > 0 ? `${count(errors)} · ${percent(errorRatio)}` : '0',
          ),
      },
      { name: 'Total', title: 'since the start', number: true, cell: ({ total }) => count(total) },
    ],
  });
}

function buttons(flag: FlagRow, { store, confirm, redraw }: Scene): Child {
  const { key, layer } = flag;
  const act = async (wish: Readonly<Record<string, unknown>>): Promise<string | undefined> => {
    const problem = await store.change('flags', { key, ...wish });
    await Promise.all([store.ask('flags'), store.ask('snapshot'), store.ask('history')]);
    redraw();
    return problem;
  };
  const lift = (held: string, text: string): Piece =>
    h(
      'button',
      {
        on: {
          click: () =>
            confirm({
              title: `${text} ${key}?`,
              text: 'The next requests get what the flag’s own rule says.',
              yes: text,
              danger: false,
              act: () => act({ action: 'lift', layer: held }),
            }),
        },
      },
      text,
    );
  return [
    layer === null
      ? null
      : lift(layer, layer === 'kill' ? 'Bring back' : layer === 'override' ? 'End override' : 'End shedding'),
    layer !== 'kill' &&
      h(
        'button',
        {
          class: 'danger',
          on: {
            click: () =>
              confirm({
                title: `Kill ${key}?`,
                text: 'Off at once for everyone this process serves, until it is brought back: checks give false, or their fallback.',
                yes: 'Kill',
                danger: true,
                field: { label: 'Why (stands in the log)', value: '' },
                act: (reason) => act({ action: 'kill', reason }),
              }),
          },
        },
        'Kill',
      ),
    layer !== 'kill' &&
      flag.variants
        .filter(({ value }) => value !== null)
        .slice(0, 6)
        .map(({ variant }) =>
          h(
            'button',
            {
              on: {
                click: () =>
                  confirm({
                    title: `${key}: ${variant} for everyone?`,
                    text: `All requests of this process get the variant ${variant}, whatever the rule says, until that is ended.`,
                    yes: `Give ${variant}`,
                    danger: false,
                    act: () => act({ action: 'override', variant }),
                  }),
              },
            },
            `Always ${variant}`,
          ),
        ),
  ];
}
