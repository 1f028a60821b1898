import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { diagnostics, type Notice } from '../../src/core/diagnostics.js';
import type { Reading, Saturation } from '../../src/core/saturation.js';
import { type ProbeSource, SaturationMonitor } from '../../src/saturation/monitor.js';
import type { Probe } from '../../src/saturation/probe.js';
import type { ProbeName, probes } from '../../src/saturation/probes.js';
import { manualClock } from '../../src/testing/manual-clock.js';

const INTERVAL_MS = 5_000;

let notices: Notice[] = [];
beforeEach(() => {
  notices = [];
  diagnostics.speakThrough((notice) => notices.push(notice));
});
afterEach(() => diagnostics.speakThrough(undefined));

// The same notice is told once a minute: each test's probes bear names of their own.
let made = 0;
const fresh = (kind: string): string => `${kind}-${++made}`;

/** Answers with what `answers` gives, in turn, the last one for ever; throws what is an `Error`. */
function fake(answers: (unknown | Error)[], name = fresh('fake')) {
  const seen = { samples: 0, disposed: 0 };
  const probe: Probe = {
    name,
    sample: () => {
      const answer = answers[Math.min(seen.samples++, answers.length - 1)];
      if (answer instanceof Error) throw answer;
      return answer as Reading | undefined; // also what no typed probe would answer
    },
    dispose: () => void seen.disposed++,
  };
  return Object.assign(probe, { seen });
}

const full = (ratio: number): Reading => ({ ratio, readings: { used_bytes: ratio * 100 } });

function started(...sources: ProbeSource[]) {
  const clock = manualClock();
  const monitor = new SaturationMonitor({ clock, probes: sources, intervalMs: INTERVAL_MS });
  monitor.start();
  return { monitor, tick: (times = 1) => clock.advance(times * INTERVAL_MS) };
}

/** The loop has done nothing else for so long. */
function afterBusy<T>(ms: number, work: () => T): T {
  const until = performance.now() + ms;
  while (performance.now() < until);
  return work();
}

describe('what is read', () => {
  test('the worst is the fullest resource, and every reading is there by name', () => {
    const [low, high, middle] = [fake([full(0.1)]), fake([full(1.4)]), fake([full(0.7)])];
    const { monitor } = started(low, high, middle);
    expect(monitor.read()).toEqual({
      worst: high.name,
      ratio: 1.4,
      resources: { [low.name]: full(0.1), [high.name]: full(1.4), [middle.name]: full(0.7) },
    });
  });

  test('an idle resource is a reading too: a ratio of 0 is not nothing', () => {
    const idle = fake([full(0)]);
    expect(started(idle).monitor.read()).toMatchObject({ worst: idle.name, ratio: 0 });
  });

  test('without a reading there is no worst', () => {
    const nothing: Saturation = { worst: null, ratio: null, resources: {} };
    expect(started().monitor.read()).toEqual(nothing);
    expect(started(fake([undefined])).monitor.read()).toEqual(nothing);
    const unstarted = new SaturationMonitor({ clock: manualClock(), probes: ['heap'], intervalMs: INTERVAL_MS });
    expect(unstarted.read()).toEqual(nothing);
  });

  test('the first read has values before the first tick', () => {
    const { monitor } = started('heap', 'memory');
    const { worst, ratio, resources } = monitor.read();
    expect(Object.keys(resources)).toEqual(['heap', 'memory']);
    expect(ratio).toBe(Math.max(...Object.values(resources).map((reading) => reading.ratio)));
    expect(worst).toBeOneOf(['heap', 'memory']);
    monitor.stop();
  });

  test('before the first tick only probes without a reading are sampled again', () => {
    const [ready, slow] = [fake([full(0.1), full(0.2)]), fake([undefined, full(0.3)])];
    const { monitor } = started(ready, slow);
    expect(monitor.read().resources).toEqual({ [ready.name]: full(0.1) });
    expect(monitor.read().resources).toEqual({ [ready.name]: full(0.1), [slow.name]: full(0.3) });
  });

  test('what is of a time is not known, nor asked, before the first interval is over, however busy the start', () => {
    const [rate, level] = [Object.assign(fake([full(1), full(0.3)]), { overTime: true }), fake([full(0.2)])];
    const { monitor, tick } = started(rate, level);
    expect(monitor.read()).toMatchObject({ worst: level.name, ratio: 0.2 });
    expect(rate.seen.samples).toBe(0);
    tick();
    expect(monitor.read()).toMatchObject({ worst: rate.name, ratio: 1 });
    tick();
    expect(monitor.read()).toMatchObject({ worst: rate.name, ratio: 0.3 });
  });

  test('a start that keeps the loop busy is no full event loop, CPU or collector', async () => {
    const kinds: ProbeName[] = ['event-loop-utilization', 'event-loop-delay', 'cpu', 'gc', 'heap'];
    const { monitor, tick } = started(...kinds);
    const { worst, resources } = afterBusy(100, () => monitor.read());
    expect([worst, Object.keys(resources)]).toEqual(['heap', ['heap']]);
    await new Promise((resolve) => setImmediate(resolve));
    tick();
    expect(Object.keys(monitor.read().resources).sort()).toEqual([...kinds].sort());
    monitor.stop();
  });

  test('from the first tick on only the timer samples, so readers share one window', () => {
    const [probe, quiet] = [fake([full(0.1), full(0.2), full(0.3)]), fake([undefined])];
    const { monitor, tick } = started(probe, quiet);
    tick();
    for (let i = 0; i < 10; i++) expect(monitor.read().ratio).toBe(0.1);
    expect([probe.seen.samples, quiet.seen.samples]).toEqual([1, 1]);
    tick();
    expect(monitor.read().ratio).toBe(0.2);
  });

  test('a probe with nothing to say this time is left out of this sample', () => {
    const probe = fake([full(0.5), undefined, full(0.6)]);
    const { monitor, tick } = started(probe);
    tick();
    expect(monitor.read().ratio).toBe(0.5);
    tick();
    expect(monitor.read().resources).toEqual({});
    tick();
    expect(monitor.read().ratio).toBe(0.6);
  });

  test('a snapshot does not change when the probe writes to its own object later', () => {
    const own = { ratio: 0.5, readings: { used_bytes: 1 } };
    const { monitor } = started({ name: fresh('own'), sample: () => own });
    const snapshot = monitor.read();
    own.ratio = 0.9;
    own.readings.used_bytes = 2;
    expect(Object.values(snapshot.resources)).toEqual([{ ratio: 0.5, readings: { used_bytes: 1 } }]);
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
  });

  test('a probe may bear any name', () => {
    const { monitor } = started(fake([full(0.5)], '__proto__'));
    expect(Object.keys(monitor.read().resources)).toEqual(['__proto__']);
  });
});

describe('a probe that fails', () => {
  test('is told of once, disposed once and left out for good, and the others go on', () => {
    const [broken, sound] = [fake([full(0.9), new Error('EACCES'), full(0.9)]), fake([full(0.2)])];
    const { monitor, tick } = started(broken, sound);
    tick();
    expect(monitor.read().worst).toBe(broken.name);
    tick(5);
    expect(monitor.read()).toEqual({ worst: sound.name, ratio: 0.2, resources: { [sound.name]: full(0.2) } });
    expect(broken.seen).toEqual({ samples: 2, disposed: 1 });
    expect(notices).toHaveLength(1);
    expect(notices[0]?.message).toBe(`saturation probe "${broken.name}" is left out: EACCES`);
    monitor.stop();
    expect(broken.seen.disposed).toBe(1);
  });

  test('when it is made is told of and left out', () => {
    const unmakeable = (): Probe => {
      throw new Error('no such file');
    };
    const { monitor } = started(unmakeable, fake([full(0.2)]));
    expect(monitor.read().ratio).toBe(0.2);
    expect(notices.map(({ message }) => message)).toEqual(['saturation probe "unmakeable" is left out: no such file']);
  });

  test('is counted as dropped', () => {
    const failed = (): number => {
      const { saturation: { probe_failed: count = 0 } = {} } = diagnostics.drops();
      return count;
    };
    const before = failed();
    started(fake([new Error('gone')])).tick();
    expect(failed()).toBe(before + 1);
  });

  test('to dispose keeps no other from being disposed', () => {
    const first = fake([full(0.1)]);
    const second = { ...fake([full(0.1)]), dispose: () => expect.fail('stuck') };
    const third = fake([full(0.1)]);
    const { monitor } = started(first, second, third);
    monitor.stop();
    expect([first.seen.disposed, third.seen.disposed]).toEqual([1, 1]);
    expect(notices).toHaveLength(1);
  });

  test('by answering with a promise is left out, and a rejection of that promise ends nothing', async () => {
    const { monitor, tick } = started(fake([Promise.reject(new Error('late'))]));
    tick();
    await Promise.resolve();
    expect(monitor.read().resources).toEqual({});
    expect(notices[0]?.message).toContain('answered with a promise');
  });

  test.each([null, 7, 'full', {}, { ratio: 0.5 }])('by answering %j gives no reading and ends nothing', (answer) => {
    const { monitor, tick } = started(fake([answer]));
    tick();
    expect(monitor.read().resources).toEqual({});
    expect(notices).toHaveLength(1);
  });
});

describe('a figure that is none', () => {
  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0.1, '0.5'])(
    'a ratio of %s is refused for this sample, told of once, and the probe stays',
    (ratio) => {
      const bad = { ratio, readings: {} };
      const probe = fake([full(0.5), bad, bad, full(0.6)]);
      const { monitor, tick } = started(probe);
      tick(2);
      expect(monitor.read()).toEqual({ worst: null, ratio: null, resources: {} });
      tick();
      expect(notices).toHaveLength(1);
      expect(notices[0]?.message).toContain(`"${probe.name}" gave the ratio ${ratio}`);
      tick();
      expect(monitor.read().ratio).toBe(0.6);
      expect(probe.seen.disposed).toBe(0);
    },
  );

  test('among the readings is left out of them', () => {
    const { monitor } = started(fake([{ ratio: 0.5, readings: { used_bytes: 1, limit_bytes: Number.NaN } }]));
    expect(Object.values(monitor.read().resources)).toEqual([{ ratio: 0.5, readings: { used_bytes: 1 } }]);
  });
});

describe('start and stop', () => {
  test('a probe is made when the monitor starts, once', () => {
    let count = 0;
    const factory = (): Probe => {
      count++;
      return fake([full(0.5)]);
    };
    const monitor = new SaturationMonitor({ clock: manualClock(), probes: [factory], intervalMs: INTERVAL_MS });
    expect(count).toBe(0);
    monitor.start();
    monitor.start();
    expect(count).toBe(1);
  });

  test('stop ends the timer and disposes every probe once, last made first', () => {
    const order: string[] = [];
    const closing = (name: string): Probe => ({ ...fake([full(0.5)], name), dispose: () => void order.push(name) });
    const counted = fake([full(0.4)]);
    const { monitor, tick } = started(closing('first'), counted, closing('last'));
    tick();
    monitor.stop();
    monitor.stop();
    tick(3);
    expect(order).toEqual(['last', 'first']);
    expect(counted.seen).toEqual({ samples: 1, disposed: 1 });
  });

  test('what was last seen can be read after stop', () => {
    const { monitor, tick } = started(fake([full(0.5)]));
    tick();
    monitor.stop();
    tick();
    expect(monitor.read().ratio).toBe(0.5);
  });

  test('what was stopped is not started again', () => {
    const probe = fake([full(0.5)]);
    const { monitor, tick } = started(probe);
    monitor.stop();
    monitor.start();
    tick();
    expect(probe.seen.samples).toBe(0);
  });

  test('of two probes with one name the first is kept and the second disposed', () => {
    const name = fresh('twice');
    const [first, second] = [fake([full(0.1)], name), fake([full(0.9)], name)];
    const { monitor } = started(first, () => second);
    expect(monitor.read().ratio).toBe(0.1);
    expect([first.seen.disposed, second.seen.disposed]).toEqual([0, 1]);
    expect(notices[0]?.message).toContain('a probe of that name is there already');
  });

  test('the same probe given twice is kept, and lives', () => {
    const probe = fake([full(0.1)]);
    const { monitor } = started(probe, probe);
    expect(monitor.read().ratio).toBe(0.1);
    expect(probe.seen.disposed).toBe(0);
  });
});

describe('names', () => {
  test.each(['heep', 'toString', '__proto__', ''])('"%s" is refused when built, with the known names', (name) => {
    const build = () =>
      new SaturationMonitor({ clock: manualClock(), probes: [name as ProbeName], intervalMs: INTERVAL_MS });
    expect(build).toThrow(`unknown saturation probe "${name}"`);
    expect(build).toThrow(/known: event-loop-utilization, event-loop-delay, heap, memory, cpu/);
  });

  test('a near miss names what was meant', () => {
    const probes = ['heep' as ProbeName];
    const build = () => new SaturationMonitor({ clock: manualClock(), probes, intervalMs: INTERVAL_MS });
    expect(build).toThrow('did you mean "heap"?');
  });

  test('of the type are the keys of the table', () => {
    expectTypeOf<ProbeName>().toEqualTypeOf<keyof typeof probes>();
    expectTypeOf<'heap' | 'disk-space-cwd' | 'pressure-io'>().toExtend<ProbeName>();
    expectTypeOf<string>().not.toExtend<ProbeName>();
  });
});
