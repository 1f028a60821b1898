import { expect, test } from 'vitest';
import { Changes } from '../../../src/alerts/notify/changes.js';
import { Groups } from '../../../src/alerts/notify/groups.js';
import type { Pacer, Told } from '../../../src/alerts/notify/pacer.js';
import { States } from '../../../src/alerts/notify/states.js';

const waits = { waitMs: 10_000, intervalMs: 300_000, repeatMs: 4 * 3_600_000 };

function told(id: string, status: 'firing' | 'resolved' = 'firing', given: Partial<Told> = {}): Told {
  const [alertname = ''] = id.split(' ');
  const labels = { alertname, service: 'checkout', severity: 'critical' };
  const endsAtMs = status === 'resolved' ? 2 : undefined;
  return {
    id,
    muted: false,
    alert: { labels, annotations: {}, status, startsAtMs: 1, endsAtMs, flapping: false },
    ...given,
  };
}

/** Evaluations every ten seconds; what each message says, with the second it came. */
class Minutes {
  nowMs = 0;
  readonly said: string[] = [];
  readonly #pacer: Pacer;

  constructor(pacer: Pacer) {
    this.#pacer = pacer;
  }

  for(seconds: number, firing: readonly Told[], ended: readonly Told[] = []): this {
    for (let i = 0; i < seconds / 10; i++) {
      for (const { alerts } of this.#pacer.next([...firing, ...(i === 0 ? ended : [])], this.nowMs, 0))
        this.said.push(
          `${this.nowMs / 1000}: ${alerts.map(({ status, labels }) => `${status} ${labels['alertname']}`).join(', ')}`,
        );
      this.nowMs += 10_000;
    }
    return this;
  }

  take(): string[] {
    return this.said.splice(0);
  }
}

test('alerts of one name and service that come together are one message', () => {
  const minutes = new Minutes(new Groups(waits)).for(20, [told('High a'), told('High b'), told('Slow')]);
  expect(minutes.take()).toEqual(['10: firing High, firing High', '10: firing Slow']);
});

test('what fires later waits for the interval of its group, and comes with what fires already', () => {
  const minutes = new Minutes(new Groups(waits)).for(20, [told('High a')]);
  expect(minutes.take()).toEqual(['10: firing High']);
  expect(minutes.for(300, [told('High a'), told('High b')]).take()).toEqual(['310: firing High, firing High']);
});

test('what has not changed is repeated after four hours, not before', () => {
  const minutes = new Minutes(new Groups(waits)).for(4 * 3600, [told('High')]);
  expect(minutes.take()).toEqual(['10: firing High']);
  expect(minutes.for(320, [told('High')]).take()).toEqual(['14410: firing High']);
});

test('a resolved one is told once, at the next interval; then the group is gone', () => {
  const minutes = new Minutes(new Groups(waits)).for(20, [told('High')]);
  minutes.take();
  expect(minutes.for(8 * 3600, [], [told('High', 'resolved')]).take()).toEqual(['310: resolved High']);
  // Its ten seconds begin anew, after these eight hours and the twenty seconds before.
  expect(minutes.for(20, [told('High')]).take()).toEqual(['28830: firing High']);
});

test('what resolves before it was told is never told', () => {
  const minutes = new Minutes(new Groups({ ...waits, waitMs: 30_000 })).for(10, [told('High')]);
  expect(minutes.for(600, [], [told('High', 'resolved')]).take()).toEqual([]);
});

test('what comes back before its end was told has not ended, for the receiver', () => {
  const minutes = new Minutes(new Groups(waits)).for(20, [told('High')]);
  minutes.take();
  minutes.for(30, [], [told('High', 'resolved')]);
  expect(minutes.for(600, [told('High')]).take()).toEqual([]);
});

test('a muted one is not told until it is muted no more', () => {
  const muted = told('Raised', 'firing', { muted: true });
  const minutes = new Minutes(new Groups(waits)).for(60, [told('High'), muted]);
  expect(minutes.take()).toEqual(['10: firing High']);
  expect(
    minutes
      .for(600, [told('Raised')], [told('High', 'resolved')])
      .take()
      .sort(),
  ).toEqual(['310: firing Raised', '310: resolved High']);
});

test('a group that waits when the process stops is told at once', () => {
  const groups = new Groups(waits);
  groups.next([told('High')], 0, 0);
  expect(groups.last(1, 0)).toHaveLength(1);
  expect(groups.last(2, 0)).toEqual([]);
});

test('each change by itself: once when it fires, once when it resolves, and a muted one not at all', () => {
  const muted = told('Raised', 'firing', { muted: true });
  const minutes = new Minutes(new Changes()).for(60, [told('High'), muted]);
  expect(minutes.take()).toEqual(['0: firing High']);
  const end = minutes.for(60, [], [told('High', 'resolved'), told('Raised', 'resolved')]).take();
  expect(end).toEqual(['60: resolved High']);
});

test('a state is said at each change and every minute, muted ones too; what has resolved is said for five minutes', () => {
  const muted = told('Raised', 'firing', { muted: true });
  const minutes = new Minutes(new States()).for(70, [told('High'), muted]);
  expect(minutes.take()).toEqual(['0: firing High, firing Raised', '60: firing High, firing Raised']);
  const after = minutes.for(900, [], [told('High', 'resolved'), told('Raised', 'resolved')]).take();
  expect(after.map((line) => line.split(':')[0])).toEqual(['70', '130', '190', '250', '310', '370']);
  expect(after[0]).toBe('70: resolved High, resolved Raised');
});
