import { afterAll, describe, expect, test } from 'vitest';
import { sourceOf } from '../../../src/flags/sources/sources.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { rigs } from './rigs.js';
import { sourceContract, worst } from './source-contract.js';

const clock = manualClock();

afterAll(() =>
  console.log(`flag sources: longest block of the loop ${worst.gapMs.toFixed(1)} ms, at "${worst.fault}"`),
);

for (const [form, create] of Object.entries(rigs)) {
  const { faults, source, close } = await create(clock);
  await source.stop();
  await close();
  describe(`source ${form}`, () => sourceContract(create, faults));
}

describe('a text names a source', () => {
  test.each([
    ['./flags.json', 'file ./flags.json'],
    ['flags.json', 'file flags.json'],
    ['file:flags.json', 'file flags.json'],
    ['file:///etc/flags.json', 'file /etc/flags.json'],
    ['C:\\flags.json', 'file C:\\flags.json'],
    ['https://flags.example/a.json?key=x', 'https://flags.example/a.json'],
    ['HTTPS://user:pw@flags.example/a.json', 'https://flags.example/a.json'],
    ['sse+https://flags.example/live', 'stream https://flags.example/live'],
    ['env', 'environment'],
  ])('%s is %s', (text, name) => expect(sourceOf(text, clock).name).toBe(name));

  test('of a form that nobody knows it is said which are known', () => {
    expect(() => sourceOf('htps://flags.example', clock)).toThrow(
      'unknown form of a source of flags "htps" (did you mean "https"?); known: file, http, https, sse+http, sse+https, env',
    );
    expect(() => sourceOf('toString:x', clock)).toThrow('unknown form');
    expect(() => sourceOf('http://', clock)).toThrow('must be an address');
  });
});
