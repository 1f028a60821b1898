import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../src/core/clock.js';
import { diagnostics } from '../../src/core/diagnostics.js';
import { FlagClient } from '../../src/flags/client.js';
import type { FlagClientOptions } from '../../src/flags/client-options.js';
import type { FlagValue } from '../../src/flags/evaluation.js';
import type { EvaluatingSource, Source, SourceSink } from '../../src/flags/source.js';
import { environment } from '../../src/flags/sources/environment.js';
import { type MemorySource, memory } from '../../src/flags/sources/memory.js';
import { manualClock } from '../../src/testing/manual-clock.js';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  diagnostics.speakThrough(({ message }) => said.push(message));
});
afterEach(() => diagnostics.speakThrough(undefined));

const flag = (targeting: object = {}) => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  targeting,
});
const pro = flag({ if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on'] });

const DOCUMENT = {
  metadata: { flagSetId: 'shop' },
  flags: {
    beta: pro,
    text: { state: 'ENABLED', variants: { a: 'A', empty: '' }, defaultVariant: 'a' },
    count: { state: 'ENABLED', variants: { one: 1, zero: 0 }, defaultVariant: 'zero' },
    shape: { state: 'ENABLED', variants: { x: { deep: [1] }, list: [1, 2] }, defaultVariant: 'x' },
    off: { ...pro, state: 'DISABLED' },
    undecided: { state: 'ENABLED', variants: { on: true }, defaultVariant: null },
    wild: flag({ if: [true, 'nowhere'] }),
    broken: flag({ if: [{ '<': ['x', 1] }, 'on'] }),
    bad: { state: 'on' },
    split: flag({
      fractional: [
        ['on', 50],
        ['off', 50],
      ],
    }),
  },
};

function started({ clock, ...options }: FlagClientOptions & { clock?: Clock } = {}): {
  flags: FlagClient;
  source: MemorySource;
} {
  const source = memory(DOCUMENT);
  return { flags: new FlagClient(clock).start({ sources: [source], ...options }), source };
}

const counted = (reason: string): number => diagnostics.drops()['flags']?.[reason] ?? 0;

describe('a check', () => {
  test('gives what the document says, of each kind', () => {
    const { flags } = started();
    expect(flags.boolean('beta', false, { plan: 'pro' })).toBe(true);
    expect(flags.boolean('beta', true, { plan: 'free' })).toBe(false);
    expect(flags.string('text', 'z')).toBe('A');
    expect(flags.number('count', 7)).toBe(0);
    expect(flags.object('shape', { deep: [0] })).toEqual({ deep: [1] });
  });

  test.each<[string, string, FlagValue, object]>([
    ['no rule', 'text', 'z', { value: 'A', variant: 'a', reason: 'STATIC' }],
    ['a rule that matches', 'beta', false, { value: true, variant: 'on', reason: 'TARGETING_MATCH' }],
    ['unknown', 'nope', true, { value: true, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' }],
    ['disabled, of whatever kind', 'off', 'z', { value: 'z', reason: 'DISABLED' }],
    ['no default variant', 'undecided', false, { value: false, reason: 'DEFAULT' }],
    ['a rule that names no variant', 'wild', true, { value: true, reason: 'ERROR', errorCode: 'GENERAL' }],
    ['a rule that throws', 'broken', true, { value: true, reason: 'ERROR', errorCode: 'GENERAL' }],
    ['rejected, and never good', 'bad', true, { value: true, reason: 'ERROR', errorCode: 'PARSE_ERROR' }],
    ['another kind', 'text', 5, { value: 5, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' }],
    [
      'nobody to place',
      'split',
      true,
      { value: false, variant: 'off', reason: 'DEFAULT', errorCode: 'TARGETING_KEY_MISSING' },
    ],
  ])('of a flag that is %s says why', (_name, key, fallback, wanted) => {
    const { flags } = started();
    const details = flags.details(key, fallback, { plan: 'pro' });
    const { errorMessage, ...rest } = details;
    expect(rest).toEqual({ ...wanted, flagMetadata: key === 'bad' ? {} : { flagSetId: 'shop' } });
    expect(errorMessage === undefined).toBe(!('errorCode' in wanted));
    expect(details).toSatisfy(Object.isFrozen);
  });

  test('of the wrong kind is counted and told with what to do', () => {
    const { flags } = started();
    const before = counted('type_mismatch');
    expect(flags.boolean('text', true)).toBe(true);
    expect(flags.string('beta', 'z')).toBe('z');
    expect(flags.number('shape', 3)).toBe(3);
    expect(flags.object('count', [])).toEqual([]);
    expect(counted('type_mismatch')).toBe(before + 4);
    expect(diagnostics.drops()['flags']).toBeDefined();
  });

  test('in strict mode of who cannot be placed is an error with the fallback', () => {
    const { flags } = started({ strict: true });
    expect(flags.details('split', true)).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode: 'TARGETING_KEY_MISSING',
    });
    expect(flags.boolean('split', true)).toBe(true);
  });

  test('gives a value that nobody can change', () => {
    const { flags } = started();
    const value = flags.object('shape', { deep: [0] });
    expect(() => value.deep.push(2)).toThrow(TypeError);
    expect(flags.object('shape', { deep: [0] })).toEqual({ deep: [1] });
  });

  test.each([null, 5, 'x', [], () => {}, new Date()])('with %j as the context is a check without one', (context) => {
    const { flags } = started();
    expect(flags.boolean('beta', true, context as never)).toBe(false);
  });

  test.each([undefined, null, 5, {}, Symbol('x')])('of %j as the name gives the fallback', (key) => {
    const { flags } = started();
    expect(flags.boolean(key as unknown as string, true)).toBe(true);
  });

  test('whose context throws is an error of that check alone, also where one check asks another', () => {
    const { flags } = started();
    const hostile = {
      get plan(): string {
        throw new Error('no');
      },
    };
    const asking = {
      get plan(): string {
        return flags.boolean('beta', false, { plan: 'pro' }) ? 'pro' : 'free';
      },
    };
    expect(flags.details('beta', true, hostile)).toMatchObject({ value: true, errorCode: 'GENERAL' });
    expect(flags.boolean('beta', false, asking)).toBe(true);
    expect(flags.boolean('beta', false, { plan: 'free' })).toBe(false);
  });

  test('sees the global context under its own', () => {
    const { flags } = started({ context: { plan: 'pro' } });
    expect(flags.boolean('beta', false)).toBe(true);
    expect(flags.boolean('beta', false, { plan: 'free' })).toBe(false);
    expect(flags.boolean('beta', false, { plan: undefined })).toBe(true);
    expect(flags.boolean('beta', true, { plan: null })).toBe(false);
  });

  test('goes on when the global context throws', () => {
    const { flags } = started({
      context: () => {
        throw new Error('no');
      },
    });
    expect(flags.boolean('beta', true)).toBe(false);
  });
});

describe('before anything is loaded', () => {
  test('every fallback serves, and details say that nothing is there', async () => {
    const flags = new FlagClient();
    expect(flags.boolean('beta', true)).toBe(true);
    expect(flags.handle('beta', true).on()).toBe(true);
    expect(flags.details('beta', 'z')).toMatchObject({ value: 'z', reason: 'ERROR', errorCode: 'PROVIDER_NOT_READY' });
    expect(flags.explain('beta')).toMatchObject({ by: 'nothing', value: null });
    expect(flags.snapshot()).toEqual([]);
    expect(await flags.ready()).toEqual({ status: 'defaults' });
    expect(said).toEqual([]);
  });

  test('a document that is refused leaves the fallbacks, and says why once', () => {
    const source = memory('{"flags":');
    const flags = new FlagClient().start({ sources: [source] });
    source.set('{"flags":');
    expect(flags.details('beta', true)).toMatchObject({ errorCode: 'PROVIDER_NOT_READY' });
    expect(said.filter((line) => line.includes('refused'))).toHaveLength(1);
  });

  test('a document of nothing but bad flags says of each what is wrong', () => {
    const source = memory();
    const flags = new FlagClient().start({ sources: [source] });
    expect(source.set({ flags: { beta: { state: 'on' } } })).toBe(false);
    expect(flags.details('beta', true)).toMatchObject({ value: true, errorCode: 'PARSE_ERROR' });
    expect(flags.health().status).toBe('defaults');
  });
});

describe('a handle', () => {
  test('answers as the client does, and follows the document', () => {
    const { flags, source } = started();
    const beta = flags.handle('beta', false);
    expect(beta.on({ plan: 'pro' })).toBe(true);
    expect(beta.on()).toBe(false);
    expect(source.set({ flags: { ...DOCUMENT.flags, beta: { ...pro, state: 'DISABLED' } } })).toBe(true);
    expect(beta.on({ plan: 'pro' })).toBe(false);
    expect(flags.handle('text', 'z').on()).toBe('A');
    expect(flags.handle('text', 5).on()).toBe(5);
  });

  test('obeys a kill', () => {
    const { flags } = started();
    const beta = flags.handle('beta', true);
    flags.kill('beta', 'incident');
    expect(beta.on({ plan: 'pro' })).toBe(false);
  });
});

describe('what stands above the document', () => {
  test('a kill is off for a boolean and the fallback for all else, until lifted', () => {
    const { flags } = started();
    for (const key of ['beta', 'text', 'never-heard-of']) flags.kill(key, 'incident 7');
    expect(flags.boolean('beta', true, { plan: 'pro' })).toBe(false);
    expect(flags.boolean('never-heard-of', true)).toBe(false);
    expect(flags.details('text', 'z')).toMatchObject({ value: 'z', reason: 'KILLED', errorMessage: 'incident 7' });
    flags.lift('kill', 'beta');
    expect(flags.boolean('beta', false, { plan: 'pro' })).toBe(true);
  });

  test('an override holds for its time, and counts as the variant that it is', () => {
    const clock = manualClock();
    const { flags } = started({ clock });
    flags.override('beta', true, { ttlMs: 60_000 });
    expect(flags.details('beta', false)).toMatchObject({ value: true, variant: 'on', reason: 'OVERRIDE' });
    clock.advance(59_999);
    expect(flags.boolean('beta', false)).toBe(true);
    clock.advance(1);
    expect(flags.boolean('beta', true)).toBe(false);
  });

  test('a later override replaces the time of the one before', () => {
    const clock = manualClock();
    const { flags } = started({ clock });
    flags.override('beta', true, { ttlMs: 1000 });
    flags.override('beta', true);
    clock.advance(10_000);
    expect(flags.boolean('beta', false)).toBe(true);
  });

  test('a kill is stronger than an override, an override than shedding, and each comes back when the other is lifted', () => {
    const { flags } = started();
    const reason = () => flags.details('beta', true, { plan: 'pro' }).reason;
    flags.shed('beta', 'cpu');
    expect(reason()).toBe('OPS_SHED');
    flags.override('beta', true);
    expect(reason()).toBe('OVERRIDE');
    flags.kill('beta', 'incident');
    expect(reason()).toBe('KILLED');
    flags.lift('override', 'beta');
    flags.lift('kill', 'beta');
    expect(reason()).toBe('OPS_SHED');
    flags.lift('shed', 'beta');
    expect(reason()).toBe('TARGETING_MATCH');
  });

  test('an override by what is no value is refused and told', () => {
    const { flags } = started();
    flags.override('beta', null as never);
    flags.override('beta', undefined as never);
    expect(flags.details('beta', true).reason).toBe('DEFAULT');
  });

  test('flags that the environment names are off whatever serves, and stay so', () => {
    const source = memory(DOCUMENT);
    const env = environment({ FOURLIGHTS_FLAGS_OFF: 'beta, text' });
    const flags = new FlagClient().start({ sources: [source, env] });
    expect(flags.boolean('beta', true, { plan: 'pro' })).toBe(false);
    flags.override('beta', true);
    source.set({ flags: { ...DOCUMENT.flags, beta: flag({ if: [true, 'on'] }) } });
    expect(flags.boolean('beta', true)).toBe(false);
  });
});

describe('changes', () => {
  test('are told flag by flag, from old to new, after they are in force', () => {
    const { flags, source } = started();
    const heard: unknown[] = [];
    flags.onChange(({ key, old, new: now }) => heard.push([key, old?.state, now?.state, flags.boolean('beta', true)]));
    const { off: _, ...rest } = DOCUMENT.flags;
    source.set({ flags: { ...rest, beta: { ...pro, state: 'DISABLED' }, fresh: flag() }, metadata: DOCUMENT.metadata });
    expect(heard).toEqual([
      ['beta', 'ENABLED', 'DISABLED', true],
      ['off', 'DISABLED', undefined, true],
      ['fresh', undefined, 'ENABLED', true],
    ]);
  });

  test('of one flag are told to who asked for that one, until they stop', () => {
    const { flags } = started();
    const heard: string[] = [];
    const stop = flags.onChange('beta', ({ key, new: now }) => heard.push(`${key} ${now?.layer}`));
    flags.kill('text', 'x');
    flags.kill('beta', 'x');
    flags.lift('kill', 'beta');
    stop();
    flags.kill('beta', 'x');
    expect(heard).toEqual(['beta kill', 'beta undefined']);
  });

  test('are told when the time of an override is up', () => {
    const clock = manualClock();
    const { flags } = started({ clock });
    flags.override('beta', true, { ttlMs: 10 });
    const heard: unknown[] = [];
    flags.onChange('beta', ({ old, new: now }) => heard.push([old?.forced, now?.forced]));
    clock.advance(10);
    expect(heard).toEqual([[true, undefined]]);
  });

  test('are not told for a document that says the same in another order', () => {
    const { flags, source } = started();
    const heard: string[] = [];
    flags.onChange(({ key }) => heard.push(key));
    source.set(`${JSON.stringify(DOCUMENT)}  `);
    expect(heard).toEqual([]);
  });

  test('reach the next listener though one throws', () => {
    const { flags } = started();
    const heard: string[] = [];
    flags.onChange('beta', () => {
      throw new Error('no');
    });
    flags.onChange('beta', () => heard.push('second'));
    flags.kill('beta', 'x');
    expect(heard).toEqual(['second']);
  });
});

describe('several sources', () => {
  const one = (value: boolean) => ({
    flags: { a: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: value ? 'on' : 'off' } },
  });

  test('the first that has a good document serves it whole', () => {
    const [first, second] = [memory(), memory(one(true))];
    const flags = new FlagClient().start({ sources: [first, second] });
    expect(flags.boolean('a', false)).toBe(true);
    first.set('garbage');
    expect(flags.boolean('a', false)).toBe(true);
    first.set({ flags: { b: flag() } });
    expect(flags.details('a', true)).toMatchObject({ errorCode: 'FLAG_NOT_FOUND' });
    second.set(one(false));
    expect(flags.health().source).toBe('memory');
  });

  test('a source that fails keeps its last good document in force', () => {
    const { flags, source } = started();
    source.fail('connection refused');
    expect(flags.boolean('beta', false, { plan: 'pro' })).toBe(true);
    expect(flags.health()).toMatchObject({ status: 'live', rejected: 1, sources: [{ failure: 'connection refused' }] });
  });

  test('a source that throws at its start harms no other', () => {
    const bad: Source = {
      name: 'bad',
      start: () => {
        throw new Error('no');
      },
      stop: () => {
        throw new Error('no');
      },
    };
    const flags = new FlagClient().start({ sources: [bad, memory(one(true))] });
    expect(flags.boolean('a', false)).toBe(true);
    return expect(flags.stop()).resolves.toBeUndefined();
  });

  test('every document that is taken over is handed on, and no other', () => {
    const kept: string[] = [];
    const source = memory(one(true));
    const flags = new FlagClient().start({ sources: [source], applied: (text) => kept.push(text) });
    source.set('garbage');
    source.set(one(true));
    source.set(one(false));
    expect(flags.boolean('a', true)).toBe(false);
    expect(kept.map((text) => JSON.parse(text))).toEqual([one(true), one(false)]);
  });
});

describe('a source that evaluates by itself', () => {
  const vendor = (values: Readonly<Record<string, FlagValue>>): EvaluatingSource => ({
    name: 'vendor',
    start: (sink: SourceSink) => sink.alive(),
    stop: () => {},
    evaluate: (key, _kind, _fallback, { plan }) => {
      if (key === 'thrower') throw new Error('no');
      const value = values[key];
      return value === undefined ? undefined : { value, variant: `v-${plan}`, reason: 'SPLIT', flagMetadata: {} };
    },
  });

  test('is asked in its place: before the document that serves, or after it', () => {
    const first = new FlagClient().start({ sources: [vendor({ beta: true, text: 'V' }), memory(DOCUMENT)] });
    expect(first.string('text', 'z')).toBe('V');
    expect(first.number('count', 7)).toBe(0);
    const last = new FlagClient().start({ sources: [memory(DOCUMENT), vendor({ text: 'V', more: 'M' })] });
    expect(last.string('text', 'z')).toBe('A');
    expect(last.string('more', 'z')).toBe('M');
    expect(last.details('none', 'z').errorCode).toBe('FLAG_NOT_FOUND');
  });

  test('sees the merged context, and its wrong kinds and throws are errors', () => {
    const flags = new FlagClient().start({
      sources: [vendor({ beta: 'not a boolean', text: 'V' })],
      context: { plan: 'g' },
    });
    expect(flags.details('text', 'z')).toMatchObject({ value: 'V', variant: 'v-g', reason: 'SPLIT' });
    expect(flags.details('text', 'z', { plan: 'c' }).variant).toBe('v-c');
    expect(flags.details('beta', true)).toMatchObject({ value: true, errorCode: 'TYPE_MISMATCH' });
    expect(flags.details('thrower', true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' });
  });

  test('is live once it says that it is alive, and yields to a kill', async () => {
    const flags = new FlagClient().start({ sources: [vendor({ beta: true })] });
    expect(await flags.ready()).toEqual({ status: 'live' });
    flags.kill('beta', 'x');
    expect(flags.boolean('beta', true)).toBe(false);
  });
});

describe('ready', () => {
  const late = (standing?: 'backup'): Source & { sink?: SourceSink } => ({
    name: 'late',
    standing,
    start(sink) {
      this.sink = sink;
    },
    stop: () => {},
  });

  test('resolves when a live source has given its document', async () => {
    const source = memory();
    const flags = new FlagClient().start({ sources: [source] });
    const ready = flags.ready({ timeoutMs: 60_000 });
    source.set(DOCUMENT);
    expect(await ready).toEqual({ status: 'live' });
  });

  test('when the time is up says what there is', async () => {
    const backup = late('backup');
    const flags = new FlagClient().start({ sources: [memory(), backup] });
    expect(await flags.ready({ timeoutMs: 1 })).toEqual({ status: 'defaults' });
    backup.sink?.document(JSON.stringify(DOCUMENT));
    expect(await flags.ready({ timeoutMs: 1 })).toEqual({ status: 'backup' });
  });

  test('does not wait where no live source is, and ends with the client', async () => {
    const backup = late('backup');
    const only = new FlagClient().start({ sources: [backup] });
    backup.sink?.document(JSON.stringify(DOCUMENT));
    expect(await only.ready({ timeoutMs: 60_000 })).toEqual({ status: 'backup' });
    const waiting = new FlagClient().start({ sources: [memory()] });
    const ready = waiting.ready({ timeoutMs: 60_000 });
    await waiting.stop();
    expect(await ready).toEqual({ status: 'defaults' });
  });

  test.each([Number.NaN, -5, 0])('with %d as the time limit resolves at once', async (timeoutMs) => {
    const flags = new FlagClient().start({ sources: [memory()] });
    expect(await flags.ready({ timeoutMs })).toEqual({ status: 'defaults' });
  });
});

test('a snapshot is every flag as it stands', () => {
  const { flags } = started();
  flags.kill('ghost', 'x');
  const snapshot = flags.snapshot();
  expect(snapshot.map(({ key }) => key).sort()).toEqual([...Object.keys(DOCUMENT.flags), 'ghost'].sort());
  expect(snapshot.find(({ key }) => key === 'beta')).toEqual({
    key: 'beta',
    source: 'memory',
    state: 'ENABLED',
    layer: undefined,
    variants: { on: true, off: false },
    defaultVariant: 'off',
    targeting: pro.targeting,
    metadata: { flagSetId: 'shop' },
    forced: undefined,
  });
});
