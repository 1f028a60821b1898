import { describe, expect, test } from 'vitest';
import { Health } from '../../src/lifecycle/health.js';
import { manualClock } from '../../src/testing/manual-clock.js';

const never = (): Promise<never> => new Promise(() => {});

function made(): { clock: ReturnType<typeof manualClock>; health: Health } {
  const clock = manualClock();
  return { clock, health: new Health(clock) };
}

describe('a service', () => {
  test('is ready without a word', async () => {
    expect(await made().health.report()).toEqual({ status: 'ready', checks: {} });
  });

  test('that is starting is not ready, whatever its checks say', async () => {
    const { health } = made();
    health.phase = 'starting';
    health.add('database', () => true, {});
    expect(await health.report()).toMatchObject({ status: 'starting', checks: { database: { ok: true } } });
  });

  test('that drains says so, though checks fail as well', async () => {
    const { health } = made();
    health.phase = 'draining';
    health.add('database', () => false, {});
    expect(await health.report()).toMatchObject({ status: 'draining' });
  });
});

describe('a check', () => {
  test.each([
    ['false', () => false, 'it says no'],
    [
      'a throw',
      () => {
        throw new Error('no route to host');
      },
      'no route to host',
    ],
    ['a rejection', () => Promise.reject(new Error('refused')), 'refused'],
  ])('says no by %s', async (_name, work, reason) => {
    const { health } = made();
    health.add('database', work, {});
    expect(await health.report()).toEqual({
      status: 'failing',
      checks: { database: { ok: false, critical: true, reason } },
    });
  });

  test.each([undefined, true, 0, 'PONG', null])('says yes by %s', async (value) => {
    const { health } = made();
    health.add('database', async () => value, {});
    expect(await health.report()).toMatchObject({ status: 'ready' });
  });

  test('that is not critical is shown and leaves the service ready', async () => {
    const { health } = made();
    health.add('recommendations', () => false, { critical: false });
    expect(await health.report()).toEqual({
      status: 'ready',
      checks: { recommendations: { ok: false, critical: false, reason: 'it says no' } },
    });
  });

  test('that hangs is a no at its timeout, and is not started again while it hangs', async () => {
    const { clock, health } = made();
    let started = 0;
    const hang = (): Promise<never> => {
      started++;
      return never();
    };
    health.add('database', hang, { timeoutMs: 200 });
    for (let asked = 0; asked < 5; asked++) {
      const report = health.report();
      clock.advance(200);
      expect(await report).toMatchObject({
        status: 'failing',
        checks: { database: { reason: 'no answer within 200 ms' } },
      });
      clock.advance(5000);
    }
    expect(started).toBe(1);
  });

  test('is asked once a second, however often probes come', async () => {
    const { clock, health } = made();
    let asked = 0;
    health.add('database', () => void asked++, {});
    await Promise.all([health.report(), health.report()]);
    clock.advance(999);
    await health.report();
    expect(asked).toBe(1);
    clock.advance(1);
    await health.report();
    expect(asked).toBe(2);
  });

  test('that is taken away is not asked, and its name is free', async () => {
    const { health } = made();
    const remove = health.add('database', () => false, {});
    remove();
    expect(await health.report()).toEqual({ status: 'ready', checks: {} });
    health.add('database', () => true, {});
    remove();
    expect(Object.keys((await health.report()).checks)).toEqual(['database']);
  });
});

describe('a check that makes no sense throws when it is declared:', () => {
  test('a name that is taken', () => {
    const { health } = made();
    health.add('database', never, {});
    expect(() => health.add('database', never, {})).toThrow('lifecycle.check("database"): there is one of that name');
  });

  test('no name', () => expect(() => made().health.add('', never, {})).toThrow('expected a name, got ""'));

  test('a timeout of nothing', () =>
    expect(() => made().health.add('a', never, { timeoutMs: 0 })).toThrow('timeoutMs must be above 0, got 0'));

  test('more than there is room for', () => {
    const { health } = made();
    for (let i = 0; i < 50; i++) health.add(`check ${i}`, never, {});
    expect(() => health.add('one more', never, {})).toThrow('there are 50 checks');
  });
});
