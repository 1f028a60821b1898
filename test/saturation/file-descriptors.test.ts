import { closeSync, openSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileDescriptors } from '../../src/saturation/file-descriptors.js';
import { machine } from './cgroup-tree.js';

const limits = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units
Max processes             7823                 7823                 processes
Max open files            ${soft.padEnd(21)}524288               files
Max locked memory         unlimited            unlimited            bytes
`;
const withLimit = (soft: string) => machine({ 'proc/self/limits': limits(soft) });
/** As a system before Linux 6.2 answers. */
const untold = () => 0;
const names = (count: number) => Array.from({ length: count }, String);

describe('file descriptors', () => {
  test('are those that are open against the soft limit', () => {
    const probe = fileDescriptors({ root: withLimit('1024'), sizeOf: () => 256 });
    expect(probe.sample()).toEqual({ ratio: 0.25, readings: { used_count: 256, limit_count: 1024 } });
  });

  test('that are listed are one less than the list has: it is open itself', () => {
    const probe = fileDescriptors({ root: withLimit('100'), sizeOf: untold, list: () => names(51) });
    expect(probe.sample()?.readings).toHaveProperty('used_count', 50);
  });

  test('are listed the seldomer the more there are, as a listing costs time for each', () => {
    let listings = 0;
    const list = () => {
      listings++;
      return names(1_001);
    };
    const probe = fileDescriptors({ root: withLimit('4096'), sizeOf: untold, list });
    for (let i = 0; i < 22; i++) expect(probe.sample()?.readings).toHaveProperty('used_count', 1_000);
    expect(listings).toBe(2);
  });

  test('without a limit have no ratio above 0', () => {
    const probe = fileDescriptors({ root: withLimit('unlimited'), sizeOf: () => 256 });
    expect(probe.sample()).toEqual({ ratio: 0, readings: { used_count: 256 } });
  });

  test.each(['', 'Max open files\n', 'Max open files  none  none files\n', '\0'])(
    'with limits of %j are refused',
    (text) => {
      const root = machine({ 'proc/self/limits': text });
      expect(() => fileDescriptors({ root })).toThrow('tells no limit of open files');
    },
  );

  test('of a system without /proc are refused', () => {
    expect(() => fileDescriptors({ root: machine({}) })).toThrow('/proc/self/limits');
  });

  test('of this process grow by those that it opens, told or listed', () => {
    for (const probe of [fileDescriptors(), fileDescriptors({ sizeOf: untold })]) {
      const before = probe.sample()?.readings['used_count'] ?? Number.NaN;
      const opened = Array.from({ length: 5 }, () => openSync('/dev/null', 'r'));
      expect(probe.sample()?.readings['used_count']).toBe(before + 5);
      for (const fd of opened) closeSync(fd);
    }
  });
});
