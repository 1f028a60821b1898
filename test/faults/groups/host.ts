import { existsSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { until } from '../../support/until.js';
import type { Fault, Group } from '../fault.js';
import { costOf } from '../sinks/load.js';

const blocked: Fault = {
  name: 'the loop is blocked for 5 s',
  promise: 'the delay shows in the snapshot; no burst of timers after it, no rollout is taken back',
  goals: [1, 16],
  async run(scene) {
    const host = await scene.host({
      options: ({ lib }) => ({
        flags: { source: lib.flagSources.memory({ flags: { checkout: { rollout: 0 } } }) },
        rollouts: { plans: { checkout: { stages: [50, 100] } }, intervalMs: 1000 },
        saturation: { intervalMs: 200 },
      }),
    });
    await host.requests(100, '/flag/checkout');
    const seen = await host.run(async ({ lib, observability, pause }) => {
      const until = performance.now() + 5000;
      while (performance.now() < until);
      let delay = 0;
      for (let i = 0; i < 20; i++) {
        await pause(50);
        const { resources } = lib.signals.snapshot().saturation;
        delay = Math.max(
          delay,
          ...Object.entries(resources).flatMap(([name, { readings }]) =>
            /delay/.test(name) ? Object.values(readings) : [],
          ),
        );
      }
      await pause(2500);
      return { delay, phases: observability.rollouts.states().map(({ status }) => status) };
    });
    expect(seen.delay).toBeGreaterThan(1);
    expect(seen.phases).not.toContain('rolled_back');
    return { text: `delay shown: ${seen.delay.toFixed(1)} s; 0 rollouts taken back`, measured: { falseActions: 0 } };
  },
};

const clock: Fault = {
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

const smallHeap: Fault = {
  name: 'a heap of 64 MB, under load, with everything on and the collector gone',
  promise: 'it does not run out of memory',
  goals: [1, 12],
  async run(scene) {
    const host = await scene.host({
      node: ['--max-old-space-size=64'],
      options: () => ({ traces: { endpoint: 'http://127.0.0.1:1' }, admin: { port: 0 }, metrics: { otlp: false } }),
    });
    const { seconds, rate } = scene.long ? { seconds: 120, rate: 500 } : { seconds: 5, rate: 300 };
    const { requests, failed } = await costOf(host, '/work', { seconds, rate });
    expect(failed).toBe(0);
    const heapMb = await host.run(() => process.memoryUsage().heapUsed / 2 ** 20);
    return { text: `${requests} requests, no failure; heap ${Math.round(heapMb)} MiB at the end` };
  },
};

const overflow: Fault = {
  name: 'the stack overflows inside a request',
  promise: 'that request is a 500 with its record; the process lives',
  goals: [1],
  async run(scene) {
    const host = await scene.host({ options: () => ({ traces: {} }) });
    const depth = 20_000;
    const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect((await host.get('/deep')).status).toBe(500);
    const headers = { 'content-type': 'application/json' };
    const { status } = await host.get('/nested', { method: 'POST', headers }, nested);
    expect([200, 500]).toContain(status);
    await until(() => host.records().length === 2);
    expect(host.records()[0]).toMatchObject({ status: 500, outcome: 'error', error_type: 'RangeError' });
    return { text: 'two overflows, by a handler and by JSON of 20,000 levels: 500, one record each' };
  },
};

const frozen: Fault = {
  name: 'the prototypes of the language are frozen',
  promise: 'observe() and all that follows work',
  goals: [1],
  async run(scene) {
    const host = await scene.host({
      before: ({ require }) => {
        require('express'); // which cannot be loaded under frozen prototypes; with that of Error, Node's own fetch fails
        for (const each of [Object, Array, Function, String, Number, Promise, Map, Set, RegExp, Date])
          Object.freeze(each.prototype);
      },
      options: () => ({ traces: {}, admin: { port: 0 }, flags: { source: 'env' } }),
      env: { FOURLIGHTS_FLAGS: '{"a": true}' },
    });
    await host.requests(50, '/work');
    expect(JSON.parse((await host.get('/flag/a')).body)).toMatchObject({ value: true });
    await until(() => host.records().length === 51);
    const scraped = await host.run(async ({ observability }) => {
      const answer = await fetch(`http://127.0.0.1:${await observability.admin.port}/metrics`);
      return answer.status;
    });
    expect(scraped).toBe(200);
    expect((await host.shutdown()).failures).toEqual([]);
    return { text: '51 requests, their records, flags, spans and a scrape as ever' };
  },
};

const hostile: Fault = {
  name: 'Proxies and throwing getters in log fields, span attributes, flag contexts and errors',
  promise: 'no call throws; the line, the span and the check are there, without what could not be read',
  goals: [1],
  async run(scene) {
    const host = await scene.host({
      options: () => ({ traces: {}, flags: { source: 'env' } }),
      env: { FOURLIGHTS_FLAGS: '{"a": true}' },
    });
    const outcome = await host.run(({ lib }) => {
      const trap = (): never => {
        throw new Error('from a trap');
      };
      const proxy = new Proxy(
        {},
        { get: trap, ownKeys: trap, has: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap },
      );
      const getter = Object.defineProperty({}, 'a', { enumerable: true, get: trap });
      const circular: Record<string, unknown> = {};
      circular['self'] = circular;
      const values: unknown[] = [
        ...[proxy, getter, circular, { nested: proxy }, { nested: getter }, { toJSON: trap }, Object.create(null)],
        ...[
          Symbol('s'),
          10n,
          () => {},
          new Map([[{}, {}]]),
          new Error('plain', { cause: proxy }),
          new Date(Number.NaN),
          null,
        ],
      ];
      const thrown: string[] = [];
      const attempt = (what: string, work: () => unknown): void => {
        try {
          work();
        } catch (cause) {
          thrown.push(`${what}: ${String(cause)}`);
        }
      };
      values.forEach((value, i) => {
        attempt(`log.info(value ${i})`, () => lib.log.info(value as object, 'hostile'));
        attempt(`log.info({ value ${i} })`, () => lib.log.info({ value }, 'hostile'));
        attempt(`log.info('%o', value ${i})`, () => lib.log.info('hostile %o %s', value as object, value));
        attempt(`log.error({ err ${i} })`, () => lib.log.error({ err: value }, 'hostile'));
        attempt(`log.child(${i})`, () => lib.log.child({ value }).info('hostile'));
        attempt(`span ${i}`, () =>
          lib.span('hostile', { attributes: { value } as never }, (span) => span.setAttribute('v', value as never)),
        );
        attempt(`flag ${i}`, () => lib.flags.details('a', false, value as never));
        attempt(`flag context ${i}`, () => lib.flags.details('a', false, { targetingKey: value, value } as never));
      });
      return { thrown, values: values.length };
    });
    expect(outcome.thrown).toEqual([]);
    await host.get('/ok');
    await until(() => host.records().length > 0);
    for (const line of host.stdout.split('\n').filter(Boolean)) JSON.parse(line);
    return { text: `${outcome.values} values in 8 places: 0 throws, every line is JSON` };
  },
};

export const host: Group = { name: 'host', faults: [blocked, clock, smallHeap, overflow, frozen, hostile] };
