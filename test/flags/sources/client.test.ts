import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FlagClient } from '../../../src/flags/client.js';
import type { Source } from '../../../src/flags/source.js';
import { backedUp } from '../../../src/flags/sources/backed-up.js';
import { Backup } from '../../../src/flags/sources/backup.js';
import { environment } from '../../../src/flags/sources/environment.js';
import { http } from '../../../src/flags/sources/http.js';
import { sourceOf } from '../../../src/flags/sources/sources.js';
import { hastyClock } from '../../support/hasty-clock.js';
import { until } from '../../support/until.js';
import { type BehaviourName, behaviours, FlagService } from './flag-service.js';
import { documentOf } from './recording-sink.js';

const clock = hastyClock(50);
const service = new FlagService();
const clients: FlagClient[] = [];
let folder = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fourlights-client-'));
  service.requests.length = 0;
  service.text = documentOf('ENABLED');
  service.behave('ok');
  await service.listen();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.stop();
  await service.close();
  rmSync(folder, { recursive: true });
});

function client(...sources: Source[]): FlagClient {
  const made = new FlagClient(clock).start({ sources });
  clients.push(made);
  return made;
}

const on = (flags: FlagClient): boolean => flags.boolean('new_checkout', false);
const backup = (): Backup => new Backup(join(folder, 'backup.json'));

function withBackup(): FlagClient {
  const { sources, applied } = backedUp([http(service.url, { clock })], backup());
  const made = new FlagClient(clock).start({ sources, applied });
  clients.push(made);
  return made;
}

const faults = Object.keys(behaviours).filter((name) => name !== 'ok') as BehaviourName[];

test.each(faults)(
  '%s at the start: ready when its time is up, with the fallbacks, and live when the fault is over',
  async (fault) => {
    service.behave(fault);
    const flags = client(http(service.url, { clock }));
    const from = performance.now();
    expect(await flags.ready({ timeoutMs: 100 })).toEqual({ status: 'defaults' });
    expect(performance.now() - from).toBeLessThan(5000);
    expect(flags.details('new_checkout', false)).toMatchObject({ value: false, reason: 'ERROR' });
    service.behave('ok');
    await until(() => on(flags));
    expect(await flags.ready({ timeoutMs: 100 })).toEqual({ status: 'live' });
  },
);

test('a start during an outage has the flags of the backup, and says so; they are live when the service is back', async () => {
  const first = withBackup();
  expect(await first.ready()).toEqual({ status: 'live' });
  await first.stop();

  await service.close();
  const second = withBackup();
  expect(on(second)).toBe(true); // at once, before anything was awaited
  expect(await second.ready({ timeoutMs: 50 })).toEqual({ status: 'backup' });
  await service.listen();
  await until(() => second.health().status === 'live');
  expect(service.requests.at(-1)?.headers['if-none-match']).toBeDefined(); // not changed, so not sent
  service.text = documentOf('DISABLED');
  await until(() => !on(second));
});

test('a corrupt backup is no obstacle', async () => {
  writeFileSync(join(folder, 'backup.json'), '{"fourlights":"flags-backup"}\nxx');
  const flags = withBackup();
  expect(await flags.ready()).toEqual({ status: 'live' });
  expect(on(flags)).toBe(true);
  await flags.stop();
  expect(backup().load()?.text).toBe(service.text);
});

test('while the first source is down the second serves, and hands over when it is back', async () => {
  const path = join(folder, 'flags.json');
  writeFileSync(path, documentOf('ENABLED'));
  service.text = documentOf('DISABLED');
  service.behave('HTTP 500');
  const flags = client(http(service.url, { clock }), sourceOf(path, clock));
  expect(await flags.ready()).toEqual({ status: 'live' });
  expect(on(flags)).toBe(true);
  service.behave('ok');
  await until(() => !on(flags));
  expect(flags.health().source).toBe(service.url);
});

test('what is off by the environment is off whatever a source says, and when every source is down', async () => {
  const off = environment({ FOURLIGHTS_FLAGS_OFF: 'new_checkout' });
  const flags = client(http(service.url, { clock }), off);
  expect(flags.details('new_checkout', true)).toMatchObject({ value: false, reason: 'KILLED' });
  await flags.ready();
  expect(flags.details('new_checkout', true)).toMatchObject({ value: false, reason: 'KILLED' });
});

test('how old the flags are grows while the service is down, and is told', async () => {
  const flags = client(http(service.url, { clock }));
  await flags.ready();
  const [before] = flags.health().sources;
  expect(before).toMatchObject({ source: service.url, applied: 1, failure: null });
  await service.close();
  await until(() => (flags.health().sources[0]?.ageSeconds ?? 0) > 30); // of the hasty clock
  expect(flags.health().sources[0]?.failure).toContain('ECONNREFUSED');
  expect(on(flags)).toBe(true);
});

test('200 MB are refused without growing: figures for people', async () => {
  const flags = client(http(service.url, { clock }));
  await flags.ready();
  const before = process.memoryUsage().rss;
  service.behave('200 MB');
  await until(() => (flags.health().sources[0]?.failed ?? 0) >= 3);
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  console.log(`200 MB refused three times: RSS +${grown.toFixed(0)} MB, of which the server that pours is a part`);
  expect(grown).toBeLessThan(150);
  expect(on(flags)).toBe(true);
});
