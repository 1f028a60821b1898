import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { backedUp } from '../../../src/flags/sources/backed-up.js';
import { Backup } from '../../../src/flags/sources/backup.js';
import { http } from '../../../src/flags/sources/http.js';
import { memory } from '../../../src/flags/sources/memory.js';
import { until } from '../../support/until.js';
import { FlagService } from './flag-service.js';
import { documentOf, RecordingSink } from './recording-sink.js';

const service = new FlagService();
let folder = '';
const backup = (): Backup => new Backup(join(folder, 'backup.json'));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fourlights-backed-up-'));
  service.requests.length = 0;
  await service.listen();
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

test('what a service gave serves the next start during its outage, and an unchanged document is not sent again', async () => {
  const first = backedUp([http(service.url)], backup());
  const sink = new RecordingSink();
  const [poll, disk] = first.sources;
  disk?.start(sink);
  expect(sink.heard).toBe(0);
  poll?.start(sink);
  await until(() => sink.applied === 1);
  if (poll !== undefined) first.applied(service.text, poll);
  for (const source of first.sources) await source.stop();

  const second = backedUp([http(service.url)], backup());
  const fromDisk = new RecordingSink();
  const fromService = new RecordingSink();
  second.sources[1]?.start(fromDisk);
  expect(fromDisk.applied).toBe(1);
  expect(second.sources[1]?.standing).toBe('backup');
  second.sources[0]?.start(fromService);
  await until(() => fromService.heard === 1);
  expect(fromService.applied).toBe(1);
  expect(service.requests.at(-1)?.headers['if-none-match']).toMatch(/^"[0-9a-f]{40}"$/);
  for (const source of second.sources) await source.stop();
});

test('a backup is not written from itself, and one of another source is not resumed', async () => {
  const disk = backup();
  disk.save(documentOf('ENABLED'), () => ({ source: 'elsewhere', etag: '"1"' }));
  await disk.flush();
  const { sources, applied } = backedUp([http(service.url), memory()], backup());
  const [poll, , own] = sources;
  if (own !== undefined) applied('{"flags":{"changed":{}}}', own);
  await own?.stop();
  expect(backup().load()?.text).toBe(documentOf('ENABLED'));
  const sink = new RecordingSink();
  poll?.start(sink);
  await until(() => sink.heard > 0);
  expect(service.requests[0]?.headers['if-none-match']).toBeUndefined();
  await poll?.stop();
});
