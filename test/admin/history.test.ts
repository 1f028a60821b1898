import { describe, expect, test } from 'vitest';
import type { AlertState, RolloutStanding } from '../../src/admin/api/sources.js';
import { Attempts } from '../../src/admin/attempts.js';
import { History } from '../../src/admin/history.js';
import { FlagClient } from '../../src/flags/client.js';
import { memory } from '../../src/flags/sources/memory.js';
import { Signals } from '../../src/signals/signals.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { alertState } from '../support/alert-state.js';
import { ended } from '../support/exchanges.js';

function keeping() {
  const clock = manualClock();
  const signals = new Signals(clock, () => ({ worst: 'cpu', ratio: 0.4, resources: {} }));
  const flags = new FlagClient(clock);
  const alerts: AlertState[] = [];
  const rollouts: RolloutStanding[] = [];
  const history = new History({
    clock,
    who: { service: 'checkout', version: '2.0', environment: 'test' },
    snapshot: () => signals.snapshot(),
    flags,
    alertStates: () => alerts,
    rollouts: {
      standings: () => rollouts,
      states: () => expect.unreachable('evidence is not read'),
      rearm: () => false,
    },
  });
  return { clock, signals, flags, history, alerts, rollouts };
}

describe('history', () => {
  test('fifteen minutes are kept before anybody looks, a sample every five seconds, and no more', () => {
    const { clock, signals, history } = keeping();
    history.start();
    for (let i = 0; i < 200; i++) {
      signals.start();
      signals.end(ended({ endedMs: clock.monotonic() }));
      clock.advance(5000);
    }
    const samples = history.samples();
    expect(samples).toHaveLength(180);
    const [last] = samples.slice(-1);
    expect(last?.[6]).toBe(0.4);
    expect(samples.every(([at], index) => index === 0 || at > (samples[index - 1]?.[0] ?? 0))).toBe(true);
    expect(history.samples(samples.at(-3)?.[0])).toHaveLength(2);
    expect(history.usual).toBeGreaterThan(0);
    history.stop();
    clock.advance(60_000);
    expect(history.samples()).toHaveLength(180);
  });

  test('moments grow also when the wall clock is set back, so that nothing newer is missed', () => {
    const { clock, history } = keeping();
    history.start();
    clock.advance(5000);
    const before = history.at;
    clock.setWall(0);
    clock.advance(5000);
    expect(history.samples(before)).toHaveLength(1);
  });

  test('a deploy, a change of a flag, an alert that fires and a step of a rollout are marked, each once', () => {
    const { clock, flags, history, alerts, rollouts } = keeping();
    const flag = (defaultVariant: string) => ({
      flags: { a: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant } },
    });
    const source = memory(flag('on'));
    history.start();
    flags.start({ sources: [source] });
    source.set(flag('off'));
    flags.kill('a', 'slow');
    const alert = alertState({ name: 'High' });
    alerts.push(alert);
    rollouts.push({ flag: 'a', status: 'advancing', stages: [1, 25], stage: 1 });
    clock.advance(10_000);
    alerts[0] = { ...alert, state: 'resolved' };
    clock.advance(5000);
    expect(history.markers().map(({ kind, text }) => [kind, text])).toEqual([
      ['deploy', 'checkout 2.0 started'],
      ['flag', 'flag a: its document changed'],
      ['flag', 'flag a: by its rule → killed'],
      ['alert', 'alert High: fires'],
      ['rollout', 'rollout of a: advancing at 25 %'],
      ['alert', 'alert High: quiet'],
    ]);
  });

  test('markers are bounded', () => {
    const { flags, history } = keeping();
    history.start();
    for (let i = 0; i < 300; i++) flags.kill(`flag-${i}`, 'x'.repeat(500));
    expect(history.markers()).toHaveLength(100);
  });
});

describe('attempts at the token', () => {
  test('wait after five failures of one address, for what is left of the minute, and only it', () => {
    const clock = manualClock();
    const attempts = new Attempts(clock);
    for (let i = 0; i < 5; i++) {
      expect(attempts.waitSeconds('192.0.2.1')).toBe(0);
      attempts.failed('192.0.2.1');
    }
    clock.advance(20_000);
    expect(attempts.waitSeconds('192.0.2.1')).toBe(40);
    expect(attempts.waitSeconds('192.0.2.2')).toBe(0);
    clock.advance(40_000);
    expect(attempts.waitSeconds('192.0.2.1')).toBe(0);
  });

  test('wait for everybody after fifty failures of many addresses', () => {
    const attempts = new Attempts(manualClock());
    for (let i = 0; i < 50; i++) attempts.failed(`192.0.2.${i}`);
    expect(attempts.waitSeconds('198.51.100.1')).toBe(60);
  });
});
