import { expect, test, vi } from 'vitest';
import { diagnostics } from '../../src/core/diagnostics.js';
import { merged } from '../../src/metrics/merge.js';
import { counter, gauge, one } from './samples.js';

test('the first of a name has it; the second is told, also where the names differ until they are written', () => {
  const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const ours = gauge('process.memory.usage', one(1));
  const theirs = { ...gauge('process_memory_usage_bytes', one(2)), foreign: true };
  expect(merged([ours, theirs, counter('c', one(1))]).map(({ name }) => name)).toEqual(['process.memory.usage', 'c']);
  expect(warn).toHaveBeenCalledWith(expect.anything(), expect.stringContaining('process_memory_usage_bytes'));
});

test('a family without series takes no name', () => {
  expect(merged([gauge('g', []), { ...gauge('g_bytes', one(2)), foreign: true }])).toHaveLength(1);
});
