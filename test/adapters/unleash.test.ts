import { type Unleash, UnleashEvents } from 'unleash-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unleash } from '../../src/adapters/unleash.js';
import type { EvaluatingSource } from '../../src/flags/source.js';
import { RecordingSink } from '../flags/sources/recording-sink.js';
import { offlineUnleash, type UnleashState } from './offline-unleash.js';

const variant = (name: string, payload?: { type: string; value: string }) => ({
  name,
  weight: 1000,
  weightType: 'variable',
  ...(payload && { payload }),
});
const toggle = (name: string, more: object = {}) => ({
  name,
  type: 'release',
  enabled: true,
  strategies: [{ name: 'default' }],
  impressionData: true,
  ...more,
});

const state: UnleashState = {
  features: [
    toggle('on'),
    toggle('off', { enabled: false }),
    toggle('for-7', { strategies: [{ name: 'userWithId', parameters: { userIds: '7' } }] }),
    toggle('for-beta', {
      strategies: [{ name: 'default', constraints: [{ contextName: 'beta', operator: 'IN', values: ['true'] }] }],
    }),
    toggle('text', { variants: [variant('greeting', { type: 'string', value: 'hi' })] }),
    toggle('number', { variants: [variant('ten', { type: 'number', value: '10.5' })] }),
    toggle('object', { variants: [variant('template', { type: 'json', value: '{"a":[1]}' })] }),
    toggle('broken', { variants: [variant('template', { type: 'json', value: '{"a":' })] }),
    toggle('not a number', { variants: [variant('x', { type: 'number', value: ' ' })] }),
    toggle('bare', { variants: [variant('blue')] }),
    toggle('off with variants', { enabled: false, variants: [variant('blue')] }),
  ],
};

let client: Unleash;
let source: EvaluatingSource;

beforeEach(async () => {
  client = await offlineUnleash(state);
  source = unleash(client);
});
afterEach(() => client.destroy());

const NOTHING = expect.objectContaining({});

describe('a check', () => {
  test.each([
    ['on', 'boolean', false, {}, { value: true, variant: 'on', reason: 'STATIC', flagMetadata: NOTHING }],
    ['off', 'boolean', true, {}, { value: false, variant: 'off', reason: 'DISABLED', flagMetadata: NOTHING }],
    [
      'for-7',
      'boolean',
      false,
      { targetingKey: '7' },
      { value: true, variant: 'on', reason: 'TARGETING_MATCH', flagMetadata: NOTHING },
    ],
    [
      'for-7',
      'boolean',
      false,
      { targetingKey: '8' },
      { value: false, variant: 'off', reason: 'DEFAULT', flagMetadata: NOTHING },
    ],
    [
      'for-7',
      'boolean',
      false,
      { targetingKey: '8', userId: '7' },
      { value: true, variant: 'on', reason: 'TARGETING_MATCH', flagMetadata: NOTHING },
    ],
    [
      'for-beta',
      'boolean',
      false,
      { beta: true },
      { value: true, variant: 'on', reason: 'STATIC', flagMetadata: NOTHING },
    ],
    ['text', 'string', 'bye', {}, { value: 'hi', variant: 'greeting', reason: 'STATIC', flagMetadata: NOTHING }],
    ['number', 'number', 1, {}, { value: 10.5, variant: 'ten', reason: 'STATIC', flagMetadata: NOTHING }],
    ['object', 'object', {}, {}, { value: { a: [1] }, variant: 'template', reason: 'STATIC', flagMetadata: NOTHING }],
    ['bare', 'string', 'red', {}, { value: 'blue', variant: 'blue', reason: 'STATIC', flagMetadata: NOTHING }],
    ['off with variants', 'string', 'red', {}, { value: 'red', reason: 'DISABLED', flagMetadata: NOTHING }],
  ] as const)('of %j as %s', (key, kind, fallback, context, expected) => {
    expect(source.evaluate(key, kind, fallback, context)).toEqual(expected);
  });

  test.each([
    ['broken', 'object', 'PARSE_ERROR'],
    ['not a number', 'number', 'PARSE_ERROR'],
    ['text', 'number', 'TYPE_MISMATCH'],
    ['bare', 'object', 'TYPE_MISMATCH'],
  ] as const)('of %j as %s gives the fallback and says %s', (key, kind, errorCode) => {
    const fallback = kind === 'number' ? 5 : { x: 1 };
    expect(source.evaluate(key, kind, fallback, {})).toMatchObject({ value: fallback, reason: 'ERROR', errorCode });
  });

  test.each(['unknown', 'toString', '__proto__', 'constructor'])('of %j leaves it to the next source', (key) => {
    expect(source.evaluate(key, 'boolean', true, {})).toBeUndefined();
    expect(source.evaluate(key, 'string', '', {})).toBeUndefined();
  });

  test('an object is the same one each time, and frozen throughout', () => {
    const [first, second] = [1, 2].map(() => source.evaluate('object', 'object', {}, {})?.value);
    expect(first).toBe(second);
    expect(Object.isFrozen(first) && Object.isFrozen((first as { a: object }).a)).toBe(true);
  });
});

test('each check counts once, in impressions and in metrics', async () => {
  client.destroy();
  client = await offlineUnleash(state, { metrics: true });
  source = unleash(client);
  const impressions: string[] = [];
  const counts: string[] = [];
  client.on(UnleashEvents.Impression, ({ eventType, featureName }) => impressions.push(`${eventType} ${featureName}`));
  client.on(UnleashEvents.Count, (name) => counts.push(name));
  source.evaluate('on', 'boolean', false, {});
  source.evaluate('text', 'string', '', {});
  source.evaluate('unknown', 'boolean', false, {});
  expect(impressions).toEqual(['isEnabled on', 'getVariant text']);
  expect(counts).toEqual(['on', 'text']);
});

test('what the client hears of its service, the flags hear of the client, until it is stopped', async () => {
  const sink = new RecordingSink();
  source.start(sink);
  expect(sink.signs).toBe(1); // it was synchronized already
  client.emit(UnleashEvents.Unchanged);
  client.emit(UnleashEvents.Changed, []);
  expect(sink.signs).toBe(3);
  client.emit(UnleashEvents.Error, new Error('ECONNREFUSED'));
  client.emit(UnleashEvents.Warn, 'responded 500');
  expect(sink.failures).toEqual(['ECONNREFUSED', 'responded 500']);
  await source.stop();
  client.emit(UnleashEvents.Unchanged);
  expect(() => client.emit(UnleashEvents.Error, new Error('nobody listens'))).not.toThrow();
  expect(sink).toMatchObject({ signs: 3, failures: ['ECONNREFUSED', 'responded 500'] });
});
