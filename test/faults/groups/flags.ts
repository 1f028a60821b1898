import { chmodSync, mkdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { BehaviourName } from '../../flags/sources/flag-service.js';
import { documentOf } from '../../flags/sources/recording-sink.js';
import { until } from '../../support/until.js';
import type { Fault, Group } from '../fault.js';
import { checkout, flagsSuffered } from '../trials/flag-trial.js';

const services = {
  'is not there': 'refused',
  'never answers': 'hang',
  'HTTP 500': 'HTTP 500',
  '503 with Retry-After': 'HTTP 503 with Retry-After',
  garbage: 'garbage',
  'bytes that are no text': 'bytes that are no text',
  'an empty document': '{}',
  'half a document': 'half JSON',
  '304 without end': 'endless 304',
  '200 MB': '200 MB',
  'one byte at a time': 'slowloris',
  'reset within the body': 'reset mid-body',
  'redirected elsewhere': 'redirect',
} as const satisfies Readonly<Record<string, BehaviourName | 'refused'>>;

type Name = keyof typeof services;
const streamed: readonly Name[] = ['is not there', 'garbage', '200 MB', 'one byte at a time', 'reset within the body'];

const LOST = 'the fallback until the first good document, then the last good one; heals by itself';

const trial = (form: 'polled' | 'streamed', name: Name): Fault => ({
  name: `a service that is ${form}: ${name}`,
  promise: LOST,
  goals: [1, 11],
  run: (scene) => flagsSuffered(scene, { behaviour: services[name], form }),
});

const file: Fault = {
  name: 'a file: garbage, then deleted, then there again',
  promise: 'the last good document stays; the next good one is taken',
  goals: [1, 11],
  async run(scene) {
    const path = join(scene.folder(), 'flags.json');
    writeFileSync(path, documentOf('ENABLED'));
    const host = await scene.host({ argument: path, options: ({ argument }) => ({ flags: { source: argument } }) });
    await until(async () => (await checkout(host)).value);
    const heard = (): Promise<number> =>
      host.run(({ lib }) => lib.flags.health().sources.reduce((sum, { failed, refused }) => sum + failed + refused, 0));
    for (const text of ['\0garbage', '{}', '', documentOf('ENABLED').slice(0, 30), undefined]) {
      const before = await heard();
      if (text === undefined) unlinkSync(path);
      else writeFileSync(path, text);
      await until(async () => (await heard()) > before);
      expect(await checkout(host)).toMatchObject({ value: true });
    }
    writeFileSync(path, documentOf('DISABLED'));
    await until(async () => (await checkout(host)).reason === 'DISABLED');
    return { text: '5 of 5 bad states kept the last good document', measured: { flagsLost: 0 } };
  },
};

const patterns: Fault = {
  name: 'a document with a pattern that backtracks, and rules over texts of a megabyte',
  promise: 'patterns are no part of the language: that flag is rejected and told; no rule takes long',
  goals: [1, 11],
  async run(scene) {
    const path = join(scene.folder(), 'flags.json');
    const on = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };
    const flags = {
      pattern: { ...on, targeting: { if: [{ matches: [{ var: 'text' }, '^(a+)+$'] }, 'on'] } },
      ends: { ...on, targeting: { if: [{ ends_with: [{ var: 'text' }, `${'a'.repeat(1000)}b`] }, 'on'] } },
      version: { ...on, targeting: { if: [{ sem_ver: [{ var: 'text' }, '>', '1.2.3'] }, 'on'] } },
      within: { ...on, targeting: { if: [{ in: ['b', { var: 'text' }] }, 'on'] } },
    };
    writeFileSync(path, JSON.stringify({ flags }));
    const host = await scene.host({ argument: path, options: ({ argument }) => ({ flags: { source: argument } }) });
    await until(async () => (await host.run(({ lib }) => lib.flags.health().status)) === 'live');
    const { slowestMs, values } = await host.run(({ lib }) => {
      let slowestMs = 0;
      const values: boolean[] = [];
      for (const length of [20, 24, 26, 1000, 1_000_000]) {
        for (const key of ['pattern', 'ends', 'version', 'within']) {
          const text = `${'a'.repeat(length)}!`;
          const began = performance.now();
          values.push(lib.flags.boolean(key, false, { text }));
          slowestMs = Math.max(slowestMs, performance.now() - began);
        }
      }
      return { slowestMs, values };
    });
    expect(values).not.toContain(true);
    await until(() => host.notices().some(({ message }) => String(message).includes('pattern')));
    return {
      text: `slowest of ${values.length} checks ${slowestMs.toFixed(2)} ms`,
      measured: { patternMs: slowestMs },
    };
  },
};

/** What may have become of the backup by the next start, which is one during an outage. */
const backups: Readonly<Record<string, { readonly spoil: (path: string) => void; readonly serves: boolean }>> = {
  'there and whole': { spoil: () => {}, serves: true },
  corrupt: {
    spoil: (path) => writeFileSync(path, readFileSync(path, 'utf8').replace('ENABLED', 'DISABLE')),
    serves: false,
  },
  empty: { spoil: (path) => writeFileSync(path, ''), serves: false },
  absent: { spoil: unlinkSync, serves: false },
  'a folder': { spoil: (path) => [unlinkSync(path), mkdirSync(path)], serves: false },
  'a link to nowhere': { spoil: (path) => [unlinkSync(path), symlinkSync('/nowhere/at/all', path)], serves: false },
  'not to be written': { spoil: (path) => chmodSync(path, 0o444), serves: true },
};

const backup: Fault = {
  name: 'its service is away at the start, and the backup is corrupt, empty, absent, a folder, a dead link, read-only',
  promise: 'starts at once in each case; a whole backup serves, what is not whole never does',
  goals: [1, 11],
  async run(scene) {
    const waits: number[] = [];
    for (const [name, { spoil, serves }] of Object.entries(backups)) {
      const folder = scene.folder();
      const [source, kept] = [join(folder, 'flags.json'), join(folder, 'backup.json')];
      writeFileSync(source, documentOf('ENABLED'));
      const plan = {
        argument: { source, kept },
        options: ({ argument }: { argument: { source: string; kept: string } }) => ({
          flags: { source: argument.source, backup: argument.kept },
        }),
      };
      const first = await scene.host(plan);
      await until(async () => (await checkout(first)).value);
      await first.shutdown();
      spoil(kept);
      unlinkSync(source);
      const second = await scene.host(plan);
      const waitedMs = await second.run(async ({ lib }) => {
        const began = performance.now();
        await lib.flags.ready({ timeoutMs: 200 });
        return performance.now() - began;
      });
      waits.push(Math.max(0, waitedMs - 200));
      expect({ name, value: (await checkout(second)).value }).toEqual({ name, value: serves });
      for (const host of [first, second]) await scene.leave(host);
    }
    return {
      text: `${waits.length} starts, each within its wait`,
      measured: { flagWaitOverMs: Math.max(...waits), flagsLost: 0 },
    };
  },
};

const names = Object.keys(services) as Name[];

export const flags: Group = {
  name: 'flags',
  faults: [
    ...names.map((name) => trial('polled', name)),
    ...streamed.map((name) => trial('streamed', name)),
    file,
    patterns,
    backup,
  ],
};
