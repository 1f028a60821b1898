import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import type { Source } from '../../../src/flags/source.js';
import { file } from '../../../src/flags/sources/file.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { until } from '../../support/until.js';
import { documentOf, RecordingSink } from './recording-sink.js';
import { replaceFile } from './rigs.js';

let folder = '';
let path = '';
let sink = new RecordingSink();
let source: Source | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fourlights-file-'));
  path = join(folder, 'flags.json');
  sink = new RecordingSink();
});
afterEach(async () => {
  await source?.stop();
  rmSync(folder, { recursive: true });
});

async function watching(at = path, clock = systemClock): Promise<void> {
  source = file(at, { clock });
  source.start(sink);
  await until(() => sink.heard > 0);
}

const killed = (): boolean => sink.flags['new_checkout']?.state === 'DISABLED';

test('a change is seen by the watch alone, with no help of the timer', async () => {
  writeFileSync(path, documentOf('ENABLED'));
  const clock = manualClock(); // moved by less than the second after which it would be looked at
  await watching(path, clock);
  for (let turn = 0; turn < 3; turn++) {
    const state = turn % 2 === 0 ? 'DISABLED' : 'ENABLED';
    const { applied } = sink;
    replaceFile(path, documentOf(state));
    let moved = 0;
    await until(() => {
      if (moved++ < 300) clock.advance(1);
      return sink.applied > applied;
    });
    expect(sink.flags['new_checkout']?.state).toBe(state);
  }
});

test('a change is seen soon: the median of eleven, for people to read', async () => {
  writeFileSync(path, documentOf('ENABLED'));
  await watching();
  const seenMs: number[] = [];
  for (let turn = 0; turn < 11; turn++) {
    const { applied } = sink;
    const from = performance.now();
    replaceFile(path, documentOf(turn % 2 === 0 ? 'DISABLED' : 'ENABLED'));
    await until(() => sink.applied > applied);
    seenMs.push(performance.now() - from);
  }
  console.log(
    `file seen after ${seenMs.sort((a, b) => a - b)[5]?.toFixed(0)} ms (median), ${seenMs.at(-1)?.toFixed(0)} ms at most`,
  );
});

test('one written in pieces ends up whole', async () => {
  writeFileSync(path, documentOf('ENABLED'));
  await watching();
  const text = documentOf('DISABLED');
  writeFileSync(path, text.slice(0, 30));
  await new Promise((resolve) => setTimeout(resolve, 60));
  appendFileSync(path, text.slice(30));
  await until(killed);
});

test('a ConfigMap swaps a link to the folder beside it, and the file itself is never touched', async () => {
  for (const [version, state] of [
    ['v1', 'ENABLED'],
    ['v2', 'DISABLED'],
  ] as const) {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, 'flags.json'), documentOf(state));
  }
  symlinkSync('v1', join(folder, '..data'));
  symlinkSync(join('..data', 'flags.json'), path);
  await watching();
  expect(killed()).toBe(false);
  symlinkSync('v2', join(folder, '..next'));
  renameSync(join(folder, '..next'), join(folder, '..data'));
  await until(killed);
});

test('a folder that comes later, or is replaced, is found within a second', async () => {
  const later = join(folder, 'deep', 'flags.json');
  const clock = manualClock();
  await watching(later, clock);
  expect(sink.failures).toEqual(['there is no such file; it is waited for']);
  const tick = (): void => clock.advance(1000);
  mkdirSync(join(folder, 'deep'));
  writeFileSync(later, documentOf('ENABLED'));
  await until(() => {
    tick();
    return sink.applied === 1;
  });
  renameSync(join(folder, 'deep'), join(folder, 'old'));
  mkdirSync(join(folder, 'deep'));
  writeFileSync(later, documentOf('DISABLED'));
  await until(() => {
    tick();
    return killed();
  });
  expect(sink.failures.filter((reason) => reason.includes('no such file')).length).toBeLessThanOrEqual(2);
});

test('what is wrong is said once, not once a second', async () => {
  const clock = manualClock();
  await watching(path, clock);
  for (let i = 0; i < 20; i++) {
    clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  expect(sink.failures).toHaveLength(1);
});

test('a file that is well and unchanged is a sign of life; one that was refused is none', async () => {
  writeFileSync(path, documentOf('ENABLED'));
  const clock = manualClock();
  await watching(path, clock);
  await until(() => {
    clock.advance(1000);
    return sink.signs > 2;
  });
  replaceFile(path, '{}');
  await until(() => {
    clock.advance(1000);
    return sink.refused === 1;
  });
  const { signs } = sink;
  for (let i = 0; i < 10; i++) {
    clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  expect(sink).toMatchObject({ signs, refused: 1, failures: [] });
});

test('a byte order mark is not part of the document', async () => {
  writeFileSync(path, `\ufeff${documentOf('ENABLED')}`);
  await watching();
  expect(sink).toMatchObject({ applied: 1, refused: 0 });
});
