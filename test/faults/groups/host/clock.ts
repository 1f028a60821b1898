import { existsSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Fault } from '../../fault.js';

export const clock: Fault = {
  name: 'the wall clock jumps an hour ahead and two back',
  promise: 'durations, windows and rollouts go by the monotonic clock; only stamps move',
  goals: [1, 16],
  async run(scene) {
    const library = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
      .map((folder) => `${folder}/faketime/libfaketimeMT.so.1`)
      .find((path) => existsSync(path));
    const folder = scene.folder();
    writeFileSync(`${folder}/faketime`, '+0');
    const host = await scene.host({
      argument: folder,
      env:
        library === undefined
          ? {}
          : {
              LD_PRELOAD: library,
              FAKETIME_TIMESTAMP_FILE: `${folder}/faketime`,
              FAKETIME_NO_CACHE: '1',
              DONT_FAKE_MONOTONIC: '1',
            },
      options: ({ lib, argument }) => ({
        flags: {
          source: lib.flagSources.memory({ flags: { checkout: { rollout: 0 } } }),
          backup: `${argument}/backup`,
        },
        rollouts: { plans: { checkout: { stages: [50, 100] } }, intervalMs: 1000 },
        traces: {},
      }),
    });
    const jump = (seconds: number): Promise<void> =>
      host.run(
        ({ require, argument: { file, seconds } }) => {
          const fs = require('node:fs') as typeof import('node:fs');
          if (file === undefined) {
            const real = Date.now.bind(Date);
            Date.now = () => real() + seconds * 1000;
          } else fs.writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`);
        },
        { file: library === undefined ? undefined : `${folder}/faketime`, seconds },
      );
    const before = await host.run(() => Date.now());
    for (const seconds of [3600, -3600]) {
      await jump(seconds);
      await host.requests(60, '/flag/checkout');
      await host.run(({ pause }) => pause(1500));
    }
    const shown = await host.run(({ lib, observability }) => ({
      now: Date.now(),
      max: lib.signals.snapshot().latency.max ?? 0,
      window: lib.signals.snapshot().windowSeconds,
      count: lib.signals.snapshot().latency.count,
      phases: observability.rollouts.states().map(({ status }) => status),
    }));
    expect(Math.abs(shown.now - before)).toBeGreaterThan(3_000_000); // it has jumped
    expect(shown.count).toBe(120);
    expect(shown.max).toBeLessThan(60);
    expect(shown.window).toBeLessThanOrEqual(61);
    expect(shown.phases).not.toContain('rolled_back');
    const durations = host.records().map((record) => Number(record['duration_ms']));
    expect(Math.min(...durations)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...durations)).toBeLessThan(60_000);
    return {
      text: `${library === undefined ? 'Date.now of the process' : 'libfaketime'}: 120 durations between ${Math.min(...durations).toFixed(1)} and ${Math.max(...durations).toFixed(0)} ms; 0 rollouts taken back`,
      measured: { falseActions: 0 },
    };
  },
};
