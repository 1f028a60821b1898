import { expect, test } from 'vitest';
import { Freshness } from '../../../src/flags/sources/freshness.js';
import { memory } from '../../../src/flags/sources/memory.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { documentOf, RecordingSink } from './recording-sink.js';

test('the age of a source is the time since it was last good; a refusal and a failure make nothing younger', () => {
  const clock = manualClock();
  const freshness = new Freshness(clock);
  const source = memory();
  const sink = new RecordingSink();
  const watched = freshness.watch(source, sink);
  source.start(watched);
  const state = () => freshness.states()[0];
  const none = { ageSeconds: null, staleSeconds: 0, applied: 0, refused: 0, failed: 0, failure: null };
  expect(state()).toEqual({ source: 'memory', ...none });

  source.set(documentOf('ENABLED'));
  clock.advance(3000);
  expect(state()).toMatchObject({ ageSeconds: 3, staleSeconds: 0, applied: 1, failure: null });

  expect(source.set('{}')).toBe(false);
  expect(state()).toMatchObject({ ageSeconds: 3, staleSeconds: 3, refused: 1, failure: 'its document was refused' });

  source.fail('down');
  clock.advance(1000);
  expect(state()).toMatchObject({ ageSeconds: 4, staleSeconds: 4, failed: 1, failure: 'down' });

  watched.alive();
  clock.setWall(0); // an operator turns the wall clock back
  expect(state()).toMatchObject({ ageSeconds: 0, staleSeconds: 0, failure: null });
  expect(sink).toMatchObject({ applied: 1, refused: 1, signs: 1, failures: ['down'] });
});

test('one that never was good is out of date from its start, once it has failed', () => {
  const clock = manualClock();
  const freshness = new Freshness(clock);
  const source = memory();
  source.start(freshness.watch(source, new RecordingSink()));
  clock.advance(5000);
  expect(freshness.states()).toMatchObject([{ ageSeconds: null, staleSeconds: 0 }]);
  source.fail('down');
  expect(freshness.states()).toMatchObject([{ ageSeconds: null, staleSeconds: 5 }]);
});
