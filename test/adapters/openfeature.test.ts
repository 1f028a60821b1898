import { InMemoryProvider, OpenFeature, type Provider, ProviderEvents, ProviderStatus } from '@openfeature/server-sdk';
import { afterAll, describe, expect, test } from 'vitest';
import { FourlightsProvider, fromOpenFeature } from '../../src/adapters/openfeature.js';
import { Context, store } from '../../src/context/store.js';
import { FlagClient } from '../../src/flags/client.js';
import { memory } from '../../src/flags/sources/memory.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { until } from '../support/until.js';
import { flagsOf } from './openfeature-flags.js';

afterAll(() => OpenFeature.close());

const flag = (defaultVariant: string, more: object = {}): object => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant,
  ...more,
});

const inRequest = <T>(work: () => T): T =>
  store.run(new Context({ correlationId: 'c', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }, undefined), work);

describe('our flags behind its SDK', () => {
  test('a new document is one event with all flags that have changed, and a kill is seen', async () => {
    const { flags, source } = flagsOf({ flags: { a: flag('on'), b: flag('on'), c: flag('on') } });
    const provider = new FourlightsProvider(flags);
    await OpenFeature.setProviderAndWait('changes', provider);
    const client = OpenFeature.getClient('changes');
    const changed: (string[] | undefined)[] = [];
    client.addHandler(ProviderEvents.ConfigurationChanged, (about) => void changed.push(about?.flagsChanged));
    source.set({ flags: { a: flag('off'), b: flag('off'), c: flag('on') } });
    await until(() => changed.length > 0);
    expect(changed).toEqual([['a', 'b']]);
    expect(await client.getBooleanValue('a', true)).toBe(false);

    flags.kill('c', 'test');
    expect(await client.getBooleanDetails('c', false)).toMatchObject({ reason: 'KILLED' });
    await provider.onClose();
    source.set({ flags: { a: flag('on'), b: flag('off'), c: flag('on') } });
    await new Promise(setImmediate);
    expect(changed.length).toBeLessThanOrEqual(2); // that of the kill
  });

  test('without flags it is in error, and well by itself once there are some', async () => {
    const source = memory();
    const flags = new FlagClient().start({ sources: [source] });
    await expect(
      OpenFeature.setProviderAndWait('late', new FourlightsProvider(flags, { timeoutMs: 1 })),
    ).rejects.toThrow('no source');
    const client = OpenFeature.getClient('late');
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(await client.getBooleanValue('a', true)).toBe(true);
    source.set({ flags: { a: flag('off') } });
    await until(() => client.providerStatus === ProviderStatus.READY);
    expect(await client.getBooleanValue('a', true)).toBe(false);
  });

  test('a check that cannot be placed in a split gives the default variant, as it does with us', async () => {
    const targeting = {
      fractional: [
        ['on', 50],
        ['off', 50],
      ],
    };
    const { flags } = flagsOf({ flags: { split: flag('on', { targeting }) } });
    await OpenFeature.setProviderAndWait('split', new FourlightsProvider(flags));
    const details = await OpenFeature.getClient('split').getBooleanDetails('split', false);
    expect(details).toMatchObject({ value: true, variant: 'on', reason: 'DEFAULT' });
    expect(flags.details('split', false)).toMatchObject({ value: true, errorCode: 'TARGETING_KEY_MISSING' });
  });

  test('what a handler throws stops no other', async () => {
    const { flags, source } = flagsOf({ flags: { a: flag('on') } });
    const provider = new FourlightsProvider(flags);
    await provider.initialize();
    let heard = 0;
    provider.events.addHandler(ProviderEvents.ConfigurationChanged, () => {
      throw new Error('a handler of the user');
    });
    const listen = () => {
      heard++;
    };
    provider.events.addHandler(ProviderEvents.ConfigurationChanged, listen);
    source.set({ flags: { a: flag('off') } });
    await until(() => heard === 1);
    provider.events.removeHandler(ProviderEvents.ConfigurationChanged, listen);
    expect(provider.events.getHandlers(ProviderEvents.ConfigurationChanged)).toHaveLength(1);
    provider.events.removeAllHandlers();
    expect(provider.events.getHandlers(ProviderEvents.ConfigurationChanged)).toEqual([]);
  });
});

describe('one of its providers behind our flags', () => {
  const variants = { on: true, off: false };
  const configuration = () => ({
    checkout: { variants, defaultVariant: 'on', disabled: false },
    button: { variants: { red: 'red', green: 'green' }, defaultVariant: 'green', disabled: false },
    steps: { variants: { three: 3 }, defaultVariant: 'three', disabled: false },
    layout: { variants: { wide: { columns: 3 } }, defaultVariant: 'wide', disabled: false },
    off: { variants, defaultVariant: 'on', disabled: true },
    mine: {
      variants,
      defaultVariant: 'off',
      disabled: false,
      contextEvaluator: ({ targetingKey }: { targetingKey?: string }) => (targetingKey === '7' ? 'on' : 'off'),
    },
  });

  async function started(provider: Provider, ...others: ReturnType<typeof memory>[]) {
    const flags = new FlagClient().start({ sources: [fromOpenFeature(provider), ...others] });
    await flags.ready({ timeoutMs: 2000 });
    return flags;
  }

  test('what is fetched at the start of a request is there at once, of every kind', async () => {
    const flags = await started(new InMemoryProvider(configuration()));
    await inRequest(async () => {
      await flags.prefetch(['checkout', 'button', 'steps', 'layout', 'off', 'unknown']);
      expect(flags.details('checkout', false)).toMatchObject({ value: true, variant: 'on', reason: 'STATIC' });
      expect(flags.string('button', 'blue')).toBe('green');
      expect(flags.number('steps', 1)).toBe(3);
      expect(flags.object('layout', {})).toEqual({ columns: 3 });
      expect(flags.details('off', true)).toMatchObject({ value: true, reason: 'DISABLED' });
      expect(flags.details('unknown', true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' });
      expect(flags.details('button', 5)).toMatchObject({ value: 5, errorCode: 'TYPE_MISMATCH' });
    });
  });

  test('a flag does not change within a request; the next one sees the new value', async () => {
    const provider = new InMemoryProvider(configuration());
    const flags = await started(provider);
    await inRequest(async () => {
      await flags.prefetch(['checkout']);
      await provider.putConfiguration({ checkout: { variants, defaultVariant: 'off', disabled: false } });
      await inRequest(async () => {
        await flags.prefetch(['checkout']);
        expect(flags.boolean('checkout', true)).toBe(false);
      });
      expect(flags.boolean('checkout', false)).toBe(true);
      flags.kill('checkout', 'a kill passes at once');
      expect(flags.details('checkout', false).reason).toBe('KILLED');
    });
  });

  test('it is asked for each targeting key', async () => {
    const flags = await started(new InMemoryProvider(configuration()));
    for (const [targetingKey, value] of [
      ['7', true],
      ['8', false],
    ] as const) {
      await flags.prefetch(['mine'], { targetingKey });
      expect(flags.boolean('mine', !value, { targetingKey })).toBe(value);
    }
    expect(flags.boolean('mine', false, { targetingKey: '7' })).toBe(true); // the last that was fetched, outside of requests
  });

  test('what was not fetched is asked of the next source', async () => {
    const document = { flags: { checkout: flag('off') } };
    const flags = await started(new InMemoryProvider(configuration()), memory(document));
    expect(flags.boolean('checkout', true)).toBe(false);
    await flags.prefetch(['checkout']);
    expect(flags.boolean('checkout', false)).toBe(true);
  });

  test('one that does not answer holds nobody up for longer than its limit', async () => {
    const clock = manualClock();
    const hanging = new InMemoryProvider(configuration());
    hanging.resolveBooleanEvaluation = () => new Promise(() => {});
    const source = fromOpenFeature(hanging, { clock, timeoutMs: 200 });
    const failures: string[] = [];
    source.start({ document: () => false, alive: () => {}, failed: (reason) => void failures.push(reason) });
    let done = false;
    const waiting = source.prefetch?.(['checkout'], {}).then(() => {
      done = true;
    });
    clock.advance(199);
    await new Promise(setImmediate);
    expect(done).toBe(false);
    clock.advance(1);
    await waiting;
    expect(failures).toEqual(['no answer within 200 ms']);
    expect(source.evaluate('checkout', 'boolean', true, {})).toBeUndefined();
  });

  test('one that throws, and one that cannot start, give fallbacks and say why', async () => {
    const broken: Provider = new InMemoryProvider(configuration());
    broken.resolveBooleanEvaluation = () => Promise.reject(new Error('its service is down'));
    broken.initialize = () => Promise.reject(new Error('no connection'));
    const flags = new FlagClient().start({ sources: [fromOpenFeature(broken)] });
    flags.boolean('checkout', true); // so its kind is known
    await flags.prefetch(['checkout']);
    expect(flags.details('checkout', true)).toMatchObject({
      value: true,
      reason: 'ERROR',
      errorCode: 'GENERAL',
      errorMessage: 'its service is down',
    });
    expect(await flags.ready({ timeoutMs: 1 })).toEqual({ status: 'defaults' });
    expect(flags.health().sources[0]).toMatchObject({ failed: 1, failure: 'no connection' });
  });

  test('ours behind ours answers as ours does', async () => {
    const { flags: inner } = flagsOf({ flags: { a: flag('off'), b: flag('on', { metadata: { owner: 'team' } }) } });
    const outer = await started(new FourlightsProvider(inner));
    await outer.prefetch(['a', 'b', 'none']);
    for (const key of ['a', 'b', 'none']) {
      const { value, variant, reason, errorCode } = inner.details(key, true);
      expect(outer.details(key, true)).toMatchObject({
        value,
        reason,
        ...(variant && { variant }),
        ...(errorCode && { errorCode }),
      });
    }
    expect(outer.details('b', false).flagMetadata).toEqual({ owner: 'team' });
    await outer.stop();
  });
});
