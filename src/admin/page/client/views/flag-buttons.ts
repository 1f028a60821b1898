import type { FlagRow } from '../../../api/flags.js';
import type { Question } from '../confirm.js';
import { type Child, h, type Piece } from '../dom.js';
import type { Scene } from '../view.js';

type Act = (wish: Readonly<Record<string, unknown>>) => Promise<string | undefined>;

const LIFTED: Readonly<Record<string, string>> = {
  kill: 'Bring back',
  override: 'End override',
  shed: 'End shedding',
};
/** Of a flag with more variants, the first ones can be given to everyone here. */
const MOST_VARIANTS = 6;

/** What can be done about a flag in this process; each asks first. */
export function buttons(flag: FlagRow, { store, confirm, redraw }: Scene): Child {
  const act: Act = async (wish) => {
    const problem = await store.change('flags', { key: flag.key, ...wish });
    await Promise.all([store.ask('flags'), store.ask('snapshot'), store.ask('history')]);
    redraw();
    return problem;
  };
  const button = (text: string, question: Question): Piece =>
    h('button', { class: question.danger ? 'danger' : undefined, on: { click: () => confirm(question) } }, text);
  const { key, layer, variants } = flag;
  const lifted = LIFTED[layer ?? ''];
  const given = variants.filter(({ value }) => value !== null).slice(0, MOST_VARIANTS);
  return [
    layer !== null && lifted !== undefined && button(lifted, lift(key, layer, lifted, act)),
    layer !== 'kill' && button('Kill', kill(key, act)),
    layer !== 'kill' && given.map(({ variant }) => button(`Always ${variant}`, override(key, variant, act))),
  ];
}

function lift(key: string, layer: string, yes: string, act: Act): Question {
  return {
    title: `${yes} ${key}?`,
    text: 'The next requests get what the flag’s own rule says.',
    yes,
    danger: false,
    act: () => act({ action: 'lift', layer }),
  };
}

function kill(key: string, act: Act): Question {
  return {
    title: `Kill ${key}?`,
    text: 'Off at once for everyone this process serves, until it is brought back: checks give false, or their fallback.',
    yes: 'Kill',
    danger: true,
    field: { label: 'Why (stands in the log)', value: '' },
    act: (reason) => act({ action: 'kill', reason }),
  };
}

function override(key: string, variant: string, act: Act): Question {
  return {
    title: `${key}: ${variant} for everyone?`,
    text: `All requests of this process get the variant ${variant}, whatever the rule says, until that is ended.`,
    yes: `Give ${variant}`,
    danger: false,
    act: () => act({ action: 'override', variant }),
  };
}
