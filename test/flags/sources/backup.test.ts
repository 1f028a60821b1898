import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Backup } from '../../../src/flags/sources/backup.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { documentOf } from './recording-sink.js';

let folder = '';
let path = '';
let told: { drops: string[]; warnings: string[] };
const text = documentOf('ENABLED');
const note = () => ({ source: 'https://flags.example/a', etag: '"1"' });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourlights-backup-'));
  path = join(folder, 'backup.json');
  told = { drops: [], warnings: [] };
});
afterEach(() => rmSync(folder, { recursive: true }));

const backup = (at = path): Backup =>
  new Backup(at, {
    clock: manualClock(),
    diagnostics: {
      drop: (signal, reason) => void told.drops.push(`${signal} ${reason}`),
      warn: (_code, message) => void told.warnings.push(message),
    },
  });

async function saved(content = text): Promise<void> {
  const to = backup();
  to.save(content, note);
  await to.flush();
}

test('what was saved is loaded, with its ETag and its time', async () => {
  await saved('{"é": "用户\n🙂"}');
  const loaded = { text: '{"é": "用户\n🙂"}', fetchedAtMs: Date.UTC(2026, 0, 1), ...note() };
  expect(backup().load()).toEqual(loaded);
  expect(readdirSync(folder)).toEqual(['backup.json']);
  expect(told.drops).toEqual([]);
});

test('of several at once the last is kept, and the note is asked for when it is written', async () => {
  const to = backup();
  let etag = 'before';
  for (let i = 0; i < 50; i++) to.save(`${i}`, () => ({ source: 's', etag }));
  etag = 'after';
  await to.flush();
  expect(backup().load()).toMatchObject({ text: '49', etag: 'after' });
});

test('no backup is no failure', () => {
  expect(backup().load()).toBeUndefined();
  expect(told.drops).toEqual([]);
});

describe('what cannot be trusted is not used; it is counted and told', () => {
  test.each<[string, (whole: string) => string]>([
    ['empty', () => ''],
    ['cut off', (whole) => whole.slice(0, -5)],
    ['cut off in its head', (whole) => whole.slice(0, 40)],
    ['changed by one byte', (whole) => whole.replace('ENABLED', 'ENABLEd')],
    ['a document and no backup', () => text],
    ['a document of several lines', () => JSON.stringify(JSON.parse(text), null, 2)],
    ['some other JSON', () => `null\n${text}`],
    ['a time that is none', (whole) => whole.replace('2026-01-01', '2026-99-99')],
    ['garbage', () => '\u0000\u0001\n\u0002'],
  ])('%s', async (_name, spoil) => {
    await saved();
    writeFileSync(path, spoil(readFileSync(path, 'utf8')));
    expect(backup().load()).toBeUndefined();
    expect(told.drops).toEqual(['flags.backup not read']);
    expect(told.warnings[0]).toContain('starting without it');
  });

  test('a folder in its place, and bytes that are no text', () => {
    mkdirSync(path);
    expect(backup().load()).toBeUndefined();
    writeFileSync(join(folder, 'b'), Buffer.from([0xff, 0xfe, 0x0a]));
    expect(backup(join(folder, 'b')).load()).toBeUndefined();
    expect(told.drops).toHaveLength(2);
  });
});

describe('what cannot be written is counted and told, and throws nothing', () => {
  test.each<[string, () => string]>([
    ['no such folder', () => join(folder, 'none', 'b.json')],
    [
      'a folder in its place',
      () => {
        mkdirSync(join(path, 'x'), { recursive: true });
        return path;
      },
    ],
    [
      'a file where the folder should be',
      () => {
        writeFileSync(path, '');
        return join(path, 'b.json');
      },
    ],
    ['a place that takes no files', () => '/proc/self/flags.json'],
  ])('%s', async (_name, place) => {
    const to = backup(place());
    to.save(text, note);
    await to.flush();
    expect(told.drops).toEqual(['flags.backup not written']);
    expect(told.warnings[0]).toContain('was not written');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('a read-only folder, where the system holds to it', async () => {
    chmodSync(folder, 0o500);
    await saved();
    chmodSync(folder, 0o700);
    expect(told.drops.length === 1 || existsSync(path)).toBe(true); // root writes wherever it likes
  });
});

test('a failed write leaves the old backup as it was', async () => {
  await saved();
  const before = readFileSync(path);
  const to = backup();
  to.save(text, () => {
    throw new Error('no note');
  });
  await to.flush();
  expect(readFileSync(path)).toEqual(before);
  expect(told.drops).toEqual(['flags.backup not written']);
});

test('a link in its place is replaced, and what it points to is not touched', async () => {
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, path);
  await saved();
  expect(readFileSync(victim, 'utf8')).toBe('precious');
  expect(backup().load()?.text).toBe(text);
});

test('a full disk is survived, and the next document is written when there is room', async () => {
  const to = backup('/dev/full/backup.json');
  to.save(text, note);
  await to.flush();
  expect(told.drops).toEqual(['flags.backup not written']);
});
