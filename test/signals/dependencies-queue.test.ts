import { describe, expect, test } from 'vitest';
import { DependencyRegistry } from '../../src/signals/dependencies-registry.js';
import { manualClock } from '../../src/testing/manual-clock.js';
import { dropsIn, hearing } from '../support/ledger.js';

const notices = hearing();
const settled = () => new Promise((resolve) => setImmediate(resolve));

function emails() {
  const clock = manualClock();
  const registry = new DependencyRegistry(clock);
  return { clock, registry, tick: () => clock.advance(5_000), read: () => registry.signals()['emails'] };
}

/** Answers when the test says so. */
function slow() {
  const open: { resolve: (depth: number) => void; reject: (cause: Error) => void }[] = [];
  return { open, depth: () => new Promise<number>((resolve, reject) => open.push({ resolve, reject })) };
}

describe('a queue', () => {
  test('is asked at once and then every five seconds, never by a snapshot', async () => {
    const { registry, tick, read } = emails();
    let asked = 0;
    registry.queue('emails', () => ++asked * 10);
    expect(read()?.depth).toBeNull();
    await settled();
    for (let i = 0; i < 5; i++) expect(read()?.depth).toBe(10);
    tick();
    await settled();
    expect(read()?.depth).toBe(20);
    expect(asked).toBe(2);
  });

  test('tells the age of its oldest entry; an empty one has none, which is 0', async () => {
    const { registry, tick, read } = emails();
    const ages: (number | undefined)[] = [12.5, undefined];
    const depths = [3, 0];
    registry.queue('emails', async () => depths.shift() ?? 0, { oldestAge: () => ages.shift() });
    await settled();
    expect(read()).toMatchObject({ depth: 3, oldestAgeSeconds: 12.5 });
    tick();
    await settled();
    expect(read()).toMatchObject({ depth: 0, oldestAgeSeconds: 0 });
  });

  test('that cannot tell an age has none in its figures', async () => {
    const { registry, read } = emails();
    registry.queue('emails', () => 1);
    await settled();
    expect(read()).not.toHaveProperty('oldestAgeSeconds');
  });

  test('that does not answer by the next question is unknown until it does, and is not asked again meanwhile', async () => {
    const { registry, tick, read } = emails();
    const { open, depth } = slow();
    registry.queue('emails', depth);
    open[0]?.resolve(5);
    await settled();
    tick();
    await settled();
    expect(read()?.depth).toBe(5);
    const late = dropsIn('queue', 'late', () => {
      tick();
      tick();
    });
    expect(late).toBe(2);
    expect(read()?.depth).toBeNull();
    expect(open).toHaveLength(2);
    open[1]?.resolve(8);
    await settled();
    expect(read()?.depth).toBe(8);
    expect(notices.map(({ message }) => message)).toEqual(['queue "emails" did not say how deep it is within 5 s']);
  });

  test('whose answer never comes is asked anew after a minute, and an answer to the old question counts no more', async () => {
    const { registry, tick, read } = emails();
    const { open, depth } = slow();
    registry.queue('emails', depth);
    for (let i = 0; i < 12; i++) tick();
    expect(open).toHaveLength(2);
    open[1]?.resolve(7);
    await settled();
    open[0]?.resolve(99);
    await settled();
    expect(read()?.depth).toBe(7);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('gone');
      },
    ],
    ['rejects', () => Promise.reject(new Error('gone'))],
  ])('whose function %s is unknown, told of, and asked again at the next tick', async (_, fail) => {
    const { registry, tick, read } = emails();
    let broken = true;
    registry.queue('emails', () => (broken ? fail() : 4));
    await settled();
    expect(read()?.depth).toBeNull();
    expect(notices[0]?.message).toBe('depth of queue "emails" threw: gone');
    broken = false;
    tick();
    await settled();
    expect(read()?.depth).toBe(4);
  });

  test.each([Number.NaN, -1, Number.POSITIVE_INFINITY, '5', null, undefined])(
    'that says %s is unknown',
    async (depth) => {
      const { registry, read } = emails();
      registry.queue('emails', () => depth as number);
      await settled();
      expect(read()?.depth).toBeNull();
      expect(notices).toHaveLength(1);
    },
  );

  test('that is removed is not asked, has no depth, and a late answer of it is not heard', async () => {
    const { registry, tick, read } = emails();
    const { open, depth } = slow();
    const handle = registry.queue('emails', depth);
    handle.remove();
    handle.remove();
    open[0]?.resolve(5);
    await settled();
    tick();
    expect(open).toHaveLength(1);
    expect(read()).not.toHaveProperty('depth');
  });

  test('declared again takes the place of the former, whose handle no longer ends it', async () => {
    const { registry, tick, read } = emails();
    const former = registry.queue('emails', () => 1);
    registry.queue('emails', () => 2);
    former.remove();
    await settled();
    tick();
    await settled();
    expect(read()?.depth).toBe(2);
  });

  test('is no longer asked after stop, and again after start', async () => {
    const { registry, tick } = emails();
    let asked = 0;
    registry.queue('emails', () => ++asked);
    registry.stop();
    tick();
    expect(asked).toBe(1);
    registry.start();
    await settled();
    tick();
    expect(asked).toBe(2);
  });

  test('without a function for its depth is refused', () => {
    const { registry } = emails();
    expect(() => registry.queue('emails', 5 as never)).toThrow(
      'depth must be a function that gives a number, got number',
    );
  });
});
