import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { diagnostics } from '../../src/core/diagnostics.js';
import { memory as memorySource } from '../../src/flags/sources/memory.js';
import type { Decision } from '../../src/rollouts/guard-decision.js';
import type { GuardPlan } from '../../src/rollouts/guard-plan.js';
import { memory } from '../../src/rollouts/stores/memory.js';
import type { RolloutStore } from '../../src/rollouts/stores/store.js';
import { SOUND, TICK_MS, type Town, town } from './town.js';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  diagnostics.speakThrough(({ message }) => said.push(message));
});
afterEach(() => diagnostics.speakThrough(undefined));

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const PLAN: GuardPlan = { stages: [10, 100], minHold: '1h' };
const state = ({ rollouts }: Town) => rollouts.states()[0];

async function fleet(count: number, store: RolloutStore, plan = PLAN): Promise<Town[]> {
  const towns = Array.from({ length: count }, (_, seed) => town(plan, { store, seed }));
  await settled();
  return towns;
}

async function live(towns: readonly Town[], ticks: number, requests: number): Promise<void> {
  for (let i = 0; i < ticks; i++) {
    for (const each of towns) each.live(1, requests);
    await settled();
  }
}

/** In memory, and gone or emptied when told to. */
function moody() {
  let inner = memory();
  let away = false;
  let back = (): void => {};
  let news = (_decision: Decision): void => {};
  const here = async <T>(answer: () => Promise<T>): Promise<T> => {
    if (away) throw new Error('connection refused');
    return answer();
  };
  const store: RolloutStore = {
    name: 'moody',
    start: (hear, returned) => {
      news = hear;
      back = returned;
      inner.start(hear, returned);
    },
    load: (flag) => here(() => inner.load(flag)),
    decide: (decision) => here(() => inner.decide(decision)),
    add: (part, sums, oldest) => here(() => inner.add(part, sums, oldest)),
    stop: () => inner.stop(),
  };
  return {
    store,
    goes: () => {
      away = true;
    },
    returns: ({ empty }: { empty: boolean }) => {
      away = false;
      if (empty) {
        inner = memory();
        inner.start(news, back);
      }
      back();
    },
  };
}

describe('a fleet with one store', () => {
  test('finds together what no process would find alone, and takes it back everywhere', async () => {
    const store = memory();
    const towns = await fleet(20, store);
    const alone = town(PLAN, { seed: 99 });
    for (const each of [...towns, alone]) each.habits = { off: SOUND, on: { errors: 0.05, seconds: 0.05 } };
    await live(towns, 8, 150);
    alone.live(8, 150);
    expect(towns.map((each) => state(each)?.status)).toEqual(new Array(20).fill('rolled_back'));
    expect(state(alone)?.status).toBe('ramping');
    for (const each of towns) expect(each.inside()).toEqual([]);
  });

  test('tells a step once as its own: where it was decided', async () => {
    const towns = await fleet(3, memory());
    for (const each of towns) each.habits = { off: SOUND, on: { errors: 0.9, seconds: 0.05 } };
    await live(towns, 4, 1000);
    const steps = towns.flatMap(({ events }) => events).filter(({ event }) => event === 'rollout_rolled_back');
    expect(steps.map(({ by }) => by).sort()).toEqual(['fleet', 'fleet', 'this process']);
  });

  test('that decides the same in the same moment tells it once as its own: where it was stored', async () => {
    const inner = memory();
    const slow: RolloutStore = { ...inner, decide: (decision) => settled().then(() => inner.decide(decision)) };
    const towns = await fleet(3, slow);
    await settled();
    await settled();
    for (const each of towns) each.habits = { off: SOUND, on: { errors: 0.9, seconds: 0.05 } };
    for (let i = 0; i < 4; i++) {
      for (const each of towns) each.live(1, 1000);
      for (let turn = 0; turn < 5; turn++) await settled();
    }
    for (const step of ['rollout_started', 'rollout_rolled_back']) {
      const told = towns.flatMap(({ events }) => events).filter(({ event }) => event === step);
      expect(told.map(({ by }) => by).sort()).toEqual(['fleet', 'fleet', 'this process']);
    }
    for (const { events } of towns)
      expect(events.map(({ event }) => event)).toEqual(['rollout_started', 'rollout_rolled_back']);
  });

  test('whose store is silent tells its steps all the same, a second later, and once', async () => {
    const { store: inner } = moody();
    let answer = (): void => {};
    const silent: RolloutStore = {
      ...inner,
      decide: (decision) => new Promise<void>((resolve) => (answer = resolve)).then(() => inner.decide(decision)),
    };
    const [first] = await fleet(1, silent);
    expect(first?.inside().length).toBeGreaterThan(50); // in force at once
    first?.clock.advance(999);
    expect(first?.events).toEqual([]);
    first?.clock.advance(1);
    expect(first?.events).toMatchObject([{ event: 'rollout_started', by: 'this process' }]);
    answer();
    await settled();
    first?.rollouts.rearm('checkout', 'again');
    await first?.rollouts.stop();
    expect(first?.events.map(({ event, by }) => [event, by])).toEqual([
      ['rollout_started', 'this process'],
      ['rollout_rearmed', 'a person'],
    ]);
  });

  test('with a store that forgets who decided tells a step twice rather than never', async () => {
    const inner = memory();
    const forgetful: RolloutStore = {
      ...inner,
      decide: async (decision) => {
        const { decider: _, ...rest } = await inner.decide(decision);
        return rest;
      },
    };
    const [first] = await fleet(1, forgetful);
    expect(first?.events).toMatchObject([{ event: 'rollout_started', by: 'this process' }]);
  });

  test('starts off, as long as the store has not said whether the flag was taken back', async () => {
    const { store, goes, returns } = moody();
    const [first] = await fleet(1, store);
    if (first !== undefined) first.habits = { off: SOUND, on: { errors: 0.9, seconds: 0.05 } };
    await live(first === undefined ? [] : [first], 4, 1000);
    goes();
    const late = town(PLAN, { store, source: memorySource({ flags: { checkout: { rollout: 100 } } }) });
    await settled();
    expect(late.inside()).toEqual([]);
    late.clock.advance(5 * TICK_MS);
    await settled();
    expect(late.inside()).toEqual([]);
    returns({ empty: false });
    await settled();
    expect(state(late)?.status).toBe('rolled_back');
    expect(late.flags.details('checkout', true).reason).toBe('KILLED');
  });

  test('goes on without its store: a kill is put into force here, and stored when the store is back, even empty', async () => {
    const { store, goes, returns } = moody();
    const [first] = await fleet(1, store);
    if (first === undefined) throw new Error('no fleet');
    first.live(2, 1000);
    goes();
    first.habits = { off: SOUND, on: { errors: 0.9, seconds: 0.05 } };
    await live([first], 4, 1000);
    expect(state(first)?.status).toBe('rolled_back');
    expect(diagnostics.drops()['rollouts']?.['store_away']).toBeGreaterThan(0);
    returns({ empty: true });
    await settled();
    expect(await store.load('checkout')).toMatchObject({ phase: 'rolled_back', arm: 0 });
    await live([first], 3, 100);
    expect(first.inside()).toEqual([]);
  });

  test('is armed again everywhere by one person', async () => {
    const towns = await fleet(2, memory());
    const [first, second] = towns;
    for (const each of towns) each.habits = { off: SOUND, on: { errors: 0.9, seconds: 0.05 } };
    await live(towns, 4, 1000);
    first?.rollouts.rearm('checkout', 'fixed');
    await settled();
    expect(second?.inside().length).toBeGreaterThan(50);
    expect(second?.flags.details('checkout', false).reason).not.toBe('KILLED');
  });
});
