import { describe, expect, test } from 'vitest';
import type { AlertState } from '../../src/admin/api/sources.js';
import { type Light, lights } from '../../src/admin/lights.js';
import type { GoldenSignals } from '../../src/signals/golden-signals.js';
import { Signals } from '../../src/signals/signals.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { alertState } from '../support/alert-state.js';

const none = new Signals(manualClock(), () => ({ worst: null, ratio: null, resources: {} })).snapshot();

interface Figures {
  readonly p99?: number | null;
  readonly perSecond?: number;
  readonly errors?: number | null;
  readonly saturation?: number | null;
}

const seen = ({ p99 = 0.1, perSecond = 10, errors = 0, saturation = 0.5 }: Figures = {}): GoldenSignals => ({
  ...none,
  latency: { ...none.latency, count: 100, p99 },
  traffic: { ...none.traffic, requestsPerSecond: perSecond },
  errors: { ...none.errors, ratio: errors },
  saturation: { worst: 'cpu', ratio: saturation, resources: {} },
});

const of = (name: Light['name'], figures: Figures, alerts: AlertState[] = [], usual: number | null = null): Light => {
  const found = lights({ signals: seen(figures), usual }, alerts).find((light) => light.name === name);
  if (found === undefined) throw new Error(`no light ${name}`);
  return found;
};

describe('without alert rules', () => {
  test.each([
    ['latency', { p99: 0.9 }, 'green'],
    ['latency', { p99: 1.1 }, 'amber'],
    ['latency', { p99: 2.6 }, 'red'],
    ['latency', { p99: null }, 'unknown'],
    ['errors', { errors: 0.01 }, 'green'],
    ['errors', { errors: 0.02 }, 'amber'],
    ['errors', { errors: 0.06 }, 'red'],
    ['errors', { errors: null }, 'unknown'],
    ['saturation', { saturation: 0.8 }, 'green'],
    ['saturation', { saturation: 0.9 }, 'amber'],
    ['saturation', { saturation: 1.4 }, 'red'],
    ['saturation', { saturation: null }, 'unknown'],
  ] as const)('%s of %j is %s', (name, figures, colour) => {
    expect(of(name, figures).colour).toBe(colour);
  });

  test('traffic is amber when nearly nothing comes of what came before, and only then', () => {
    expect(of('traffic', { perSecond: 0.4 }, [], 10).colour).toBe('amber');
    expect(of('traffic', { perSecond: 0.6 }, [], 10).colour).toBe('green');
    expect(of('traffic', { perSecond: 0 }, [], 0.5).colour).toBe('green');
    expect(of('traffic', { perSecond: 0 }, [], null).colour).toBe('green');
  });
});

describe('with alert rules', () => {
  test('the rule decides, by its state and its severity, and brings its condition and its action', () => {
    expect(of('errors', { errors: 0.5 }, [alertState({ state: 'inactive' })])).toMatchObject({
      colour: 'green',
      rule: 'HighErrorRatio: above 5 %',
    });
    expect(of('errors', {}, [alertState({ state: 'pending' })]).colour).toBe('amber');
    expect(of('errors', {}, [alertState()])).toMatchObject({ colour: 'red', action: 'Take the last release back.' });
    expect(of('errors', {}, [alertState({ state: 'recovering' })]).colour).toBe('red');
    expect(of('errors', {}, [alertState({ state: 'resolved' })]).colour).toBe('green');
    expect(of('errors', {}, [alertState({ severity: 'warning' })]).colour).toBe('amber');
    expect(of('errors', {}, [alertState({ severity: 'info' })]).colour).toBe('green');
    expect(of('errors', {}, [alertState({ muted: true })]).colour).toBe('green');
  });

  test('the worst of several rules decides; a rule of one route says which', () => {
    const slow = alertState({ name: 'Slow', signal: 'route.latency.p99', key: 'GET /carts', state: 'firing' });
    const fine = alertState({ name: 'Fine', signal: 'latency.p99', state: 'inactive' });
    expect(of('latency', {}, [fine, slow])).toMatchObject({ colour: 'red', rule: 'Slow (GET /carts): above 5 %' });
  });

  test('a rule of something else colours no light', () => {
    expect(
      of('errors', {}, [alertState({ signal: 'dependency.errors.ratio' }), alertState({ signal: undefined })]).rule,
    ).toBe('amber above 1 %, red above 5 %');
  });

  test('green needs a figure: a rule that has seen too little says nothing', () => {
    expect(of('errors', { errors: null }, [alertState({ state: 'inactive' })]).colour).toBe('unknown');
  });
});
