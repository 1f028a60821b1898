import { describe, expect, test } from 'vitest';
import { Context, store } from '../../src/context/store.js';
import type { Clock } from '../../src/core/clock.js';
import { diagnostics } from '../../src/core/diagnostics.js';
import type { Exchange } from '../../src/core/exchange.js';
import { FlagClient } from '../../src/flags/client.js';
import type { FlagClientOptions } from '../../src/flags/client-options.js';
import { type EvaluationEvent, exposures } from '../../src/flags/exposure.js';
import type { EvaluatingSource } from '../../src/flags/source.js';
import { type MemorySource, memory } from '../../src/flags/sources/memory.js';
import { Variants } from '../../src/signals/variants.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { inRequest } from '../support/contexts.js';
import { ended } from '../support/exchanges.js';

const flag = (on: boolean, more: object = {}) => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: on ? 'on' : 'off',
  ...more,
});
const split = flag(false, {
  targeting: {
    fractional: [
      ['on', 50],
      ['off', 50],
    ],
  },
});
const pro = flag(false, { targeting: { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on'] } });

function started({ clock, ...options }: FlagClientOptions & { clock?: Clock } = {}): {
  flags: FlagClient;
  source: MemorySource;
} {
  const source = memory({ flags: { a: flag(true), split, pro } });
  return { flags: new FlagClient(clock).start({ sources: [source], ...options }), source };
}

/** The first user whom the split lets in, or does not. */
function user(flags: FlagClient, on: boolean): string {
  for (let i = 0; ; i++) if (flags.boolean('split', !on, { targetingKey: `u${i}` }) === on) return `u${i}`;
}

describe('one request sees one set of flags', () => {
  test('from its first check to its last, also by a handle and in nested contexts; the next request sees the new one', () => {
    const { flags, source } = started();
    const handle = flags.handle('a', false);
    inRequest('c-1', () => {
      expect(flags.boolean('a', false)).toBe(true);
      source.set({ flags: { a: flag(false), split, pro } });
      expect([flags.boolean('a', false), handle.on()]).toEqual([true, true]);
      const outer = store.getStore();
      if (outer === undefined) throw new Error('no context');
      store.run(new Context(outer, outer.exchange, outer.otel, outer), () =>
        expect(flags.boolean('a', false)).toBe(true),
      );
    });
    inRequest('c-2', () => expect([flags.boolean('a', true), handle.on()]).toEqual([false, false]));
    expect(flags.boolean('a', true)).toBe(false);
  });

  test('but a kill and an override pass at once', () => {
    const { flags } = started();
    inRequest('c-1', () => {
      expect(flags.boolean('a', false)).toBe(true);
      flags.kill('a', 'incident');
      expect(flags.boolean('a', true)).toBe(false);
      flags.lift('kill', 'a');
      flags.override('a', false);
      expect(flags.boolean('a', true)).toBe(false);
    });
  });
});

describe('whom a request is for', () => {
  test('is said once and holds for its later checks, no further', () => {
    const { flags } = started();
    const [inside, outside] = [user(flags, true), user(flags, false)];
    inRequest('c-1', () => {
      expect(flags.identify(inside)).toBe(true);
      expect(flags.boolean('split', false)).toBe(true);
      expect(flags.boolean('split', true, { targetingKey: outside })).toBe(false);
      flags.identify({ targetingKey: outside, plan: 'pro' });
      expect([flags.boolean('split', true), flags.boolean('pro', false)]).toEqual([false, true]);
    });
    inRequest('c-2', () => expect(flags.details('split', true).errorCode).toBe('TARGETING_KEY_MISSING'));
    expect(flags.identify(inside)).toBe(false);
  });

  test('is asked of the option at the first check, and lies between the global context and that of the call', () => {
    let asked = 0;
    const { flags } = started({
      context: { plan: 'free', region: 'eu' },
      request: () => {
        asked++;
        return { plan: 'pro' };
      },
    });
    inRequest(
      'c-1',
      () => {
        expect(flags.boolean('pro', false)).toBe(true);
        expect(flags.boolean('pro', true, { plan: 'free' })).toBe(false);
        flags.boolean('pro', true);
      },
      ended(),
    );
    expect(asked).toBe(1);
    expect(flags.boolean('pro', true)).toBe(false);
  });

  test('is nobody when the option throws', () => {
    const { flags } = started({
      request: () => {
        throw new Error('no');
      },
    });
    inRequest('c-1', () => expect(flags.boolean('pro', true)).toBe(false), ended());
  });

  test('a rule may read the correlation ID', () => {
    const rule = { if: [{ '==': [{ var: 'correlation_id' }, 'c-9'] }, 'on'] };
    const flags = new FlagClient().start({ sources: [memory({ flags: { a: flag(false, { targeting: rule }) } })] });
    inRequest('c-9', () => expect(flags.boolean('a', false)).toBe(true));
  });
});

describe('what a request was shown', () => {
  function measured() {
    const clock = manualClock();
    const variants = new Variants(clock);
    const observer = exposures(variants);
    const events: EvaluationEvent[] = [];
    const { flags, source } = started({ clock, events: (event) => events.push(event) });
    const request = (work: () => void, facts: Parameters<typeof ended>[0] = {}): Exchange => {
      const exchange = ended({ endedMs: clock.monotonic(), ...facts });
      inRequest('c-1', work, exchange);
      observer.end?.(exchange);
      return exchange;
    };
    return { clock, variants, observer, events, flags, source, request };
  }

  test('counts its latency and outcome once for each flag and variant', () => {
    const { flags, variants, request } = measured();
    for (let i = 0; i < 30; i++) {
      request(
        () => {
          for (let check = 0; check < 5; check++) flags.boolean('a', false);
          flags.handle('pro', false).on();
        },
        { durationMs: i + 1, outcome: i < 3 ? 'error' : 'ok', errorType: 'Boom' },
      );
    }
    request(() => flags.boolean('pro', false, { plan: 'pro' }), { outcome: 'aborted', abortPhase: 'before_headers' });
    const snapshot = variants.snapshot();
    expect(snapshot['a']?.['on']).toMatchObject({
      exposures: 30,
      total: 30,
      latency: { count: 30, max: 0.03 },
      errors: { count: 3, ratio: 0.1 },
    });
    expect(snapshot['pro']?.['off']).toMatchObject({ exposures: 30 });
    expect(snapshot['pro']?.['on']).toMatchObject({ exposures: 1, latency: { count: 0 } });
  });

  test('is nothing where it checked nothing, or got a fallback', () => {
    const { flags, variants, request } = measured();
    request(() => {});
    request(() => flags.boolean('nope', true));
    request(() => flags.string('a', 'wrong kind'));
    expect(variants.snapshot()).toEqual({});
  });

  test('is one exposure where one variant came of the rule and of the default, or again and again of a vendor', () => {
    const rule = { if: [{ '==': [{ var: 'plan' }, 'free'] }, 'off', null] };
    const vendor: EvaluatingSource = {
      name: 'vendor',
      start: () => {},
      stop: () => {},
      evaluate: (key) => (key === 'v' ? { value: true, variant: 'on', reason: 'SPLIT', flagMetadata: {} } : undefined),
    };
    const events: EvaluationEvent[] = [];
    const sources = [memory({ flags: { a: flag(false, { targeting: rule }) } }), vendor];
    const flags = new FlagClient().start({ sources, events: (event) => events.push(event) });
    const variants = new Variants(manualClock());
    const exchange = ended();
    inRequest(
      'c',
      () => {
        for (const plan of ['free', 'pro', 'free']) flags.boolean('a', true, { plan });
        for (let i = 0; i < 3; i++) flags.boolean('v', false);
      },
      exchange,
    );
    exposures(variants).end?.(exchange);
    expect(variants.snapshot()).toMatchObject({ a: { off: { total: 1 } }, v: { on: { total: 1 } } });
    expect(events).toHaveLength(2);
  });

  test('is two variants where it asked for two users', () => {
    const { flags, variants, request } = measured();
    const [inside, outside] = [user(flags, true), user(flags, false)];
    request(() => [inside, outside].map((targetingKey) => flags.boolean('split', false, { targetingKey })));
    expect(Object.keys(variants.snapshot()['split'] ?? {}).sort()).toEqual(['off', 'on']);
  });

  test('makes one event for each flag and variant, with the names of the conventions', () => {
    const { flags, events, request } = measured();
    request(() => {
      flags.identify('user-1');
      for (let i = 0; i < 3; i++) flags.boolean('a', false);
      flags.boolean('pro', true, { targetingKey: 'user-2' });
      flags.boolean('nope', true);
      flags.boolean('nope', true);
    });
    expect(events.map((event) => ({ name: event.name, attributes: event.attributes() }))).toEqual([
      {
        name: 'feature_flag.evaluation',
        attributes: {
          'feature_flag.key': 'a',
          'feature_flag.result.variant': 'on',
          'feature_flag.result.reason': 'static',
          'feature_flag.context.id': 'user-1',
          'feature_flag.provider.name': 'fourlights',
        },
      },
      expect.objectContaining({
        attributes: expect.objectContaining({ 'feature_flag.key': 'pro', 'feature_flag.context.id': 'user-2' }),
      }),
      {
        name: 'feature_flag.evaluation',
        attributes: {
          'feature_flag.key': 'nope',
          'feature_flag.result.reason': 'error',
          'feature_flag.context.id': 'user-1',
          'feature_flag.provider.name': 'fourlights',
          'error.type': 'flag_not_found',
          'feature_flag.error.message': expect.stringContaining('there is no flag "nope"'),
        },
      },
    ]);
  });

  test('names the set and the version that the metadata has', () => {
    const events: EvaluationEvent[] = [];
    const document = { metadata: { flagSetId: 'shop', version: 7 }, flags: { a: flag(true) } };
    const flags = new FlagClient().start({ sources: [memory(document)], events: (event) => events.push(event) });
    inRequest('c', () => flags.boolean('a', false));
    expect(events[0]?.attributes()).toMatchObject({ 'feature_flag.set.id': 'shop', 'feature_flag.version': 7 });
  });

  test('is bounded: what goes beyond is counted', () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`f${i}`, flag(true)]));
    const flags = new FlagClient().start({ sources: [memory({ flags: many })] });
    const before = diagnostics.drops()['flags']?.['exposure_cap'] ?? 0;
    inRequest('c', () => {
      for (const key of Object.keys(many)) expect(flags.boolean(key, false)).toBe(true);
    });
    expect((diagnostics.drops()['flags']?.['exposure_cap'] ?? 0) - before).toBe(50);
  });

  test('costs a check nothing when whoever takes the events throws', () => {
    const { flags } = started({
      events: () => {
        throw new Error('no');
      },
    });
    inRequest('c', () => expect(flags.boolean('a', false)).toBe(true));
  });
});
