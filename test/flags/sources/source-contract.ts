import { expect, test } from 'vitest';
import type { Clock } from '../../../src/core/clock.js';
import { hastyClock } from '../../support/hasty-clock.js';
import { until } from '../../support/until.js';
import { documentOf, RecordingSink } from './recording-sink.js';
import type { Rig } from './rigs.js';

const HASTE = 50;

/** A 10 ms timer that keeps how late it was at worst: that long nothing else could run. */
function stallProbe(): { stop(): number } {
  let last = performance.now();
  let greatest = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    greatest = Math.max(greatest, now - last - 10);
    last = now;
  }, 10);
  return {
    stop: () => {
      clearInterval(timer);
      return greatest;
    },
  };
}

/** What every source of the table owes the client, over real sockets and files. */
export function sourceContract(create: (clock: Clock) => Rig | Promise<Rig>, faults: readonly string[]): void {
  const withRig = async (work: (rig: Rig, sink: RecordingSink) => Promise<void>): Promise<void> => {
    const rig = await create(hastyClock(HASTE));
    try {
      await work(rig, new RecordingSink());
    } finally {
      await rig.source.stop();
      await rig.close();
    }
  };
  const started = async (rig: Rig, sink: RecordingSink): Promise<void> => {
    await rig.provide(documentOf('ENABLED'));
    rig.source.start(sink);
    await until(() => sink.applied > 0);
  };
  const reread = async (rig: Rig, sink: RecordingSink): Promise<void> => {
    if (!rig.readOnce) return;
    await rig.source.stop();
    rig.source.start(sink);
  };
  const killed = ({ flags }: RecordingSink): boolean => flags['new_checkout']?.state === 'DISABLED';

  test('brings the document that is there', () => withRig(started));

  test('brings one that is there later, and a kill switch in it', () =>
    withRig(async (rig, sink) => {
      await started(rig, sink);
      await rig.provide(documentOf('DISABLED'));
      await reread(rig, sink);
      await until(() => killed(sink));
    }));

  test.each(faults)('%s: the last good document stays, and a kill switch works after it', (fault) =>
    withRig(async (rig, sink) => {
      await started(rig, sink);
      const stalls = stallProbe();
      const { heard, applied } = sink;
      await rig.fault(fault);
      await reread(rig, sink);
      await until(() => sink.heard >= heard + (rig.service === undefined ? 1 : 2));
      expect(sink.flags['new_checkout']?.state).toBe('ENABLED');
      expect(sink.applied).toBe(applied);

      await rig.provide(documentOf('DISABLED'));
      await reread(rig, sink);
      await until(() => killed(sink));
      report(rig, fault, stalls.stop());
    }),
  );

  test.each(faults)('%s at the start: told, waited for, and over when it is over', (fault) =>
    withRig(async (rig, sink) => {
      const stalls = stallProbe();
      await rig.fault(fault);
      rig.source.start(sink);
      await until(() => sink.troubles > 0 || fault === 'fails');
      expect(sink.applied).toBe(0);

      await rig.provide(documentOf('DISABLED'));
      await reread(rig, sink);
      await until(() => killed(sink));
      report(rig, `${fault} at the start`, stalls.stop());
    }),
  );

  test('is silent once it is stopped, and starts again', () =>
    withRig(async (rig, sink) => {
      await started(rig, sink);
      await rig.source.stop();
      const { heard } = sink;
      await rig.provide(documentOf('DISABLED'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(sink.heard).toBe(heard);

      rig.source.start(sink);
      await until(() => killed(sink));
    }));

  test('bears a stop before its start, and a second one', () =>
    withRig(async (rig, sink) => {
      await rig.source.stop();
      await started(rig, sink);
      await rig.source.stop();
      await rig.source.stop();
    }));

  test('tells no secret, in its name or in what it says', () =>
    withRig(async (rig, sink) => {
      await rig.fault(faults[0] ?? '');
      rig.source.start(sink);
      await until(() => sink.troubles > 0 || rig.secrets.length === 0);
      for (const secret of rig.secrets) {
        expect(`${rig.source.name} ${sink.failures.join(' ')}`).not.toContain(secret);
      }
    }));
}

/** On a busy machine the figure says more about the machine, so only a real stall fails. */
function report(rig: Rig, fault: string, gapMs: number): void {
  if (gapMs > worst.gapMs) Object.assign(worst, { gapMs, fault });
  expect(gapMs).toBeLessThan(500);
  expect(rig.service?.pouredMb ?? 0).toBeLessThan(40); // several tries of 5 MB, and what the sockets hold
}

/** The longest that the loop was blocked over all faults, for people to read. */
export const worst = { gapMs: 0, fault: '' };
