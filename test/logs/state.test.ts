import { Writable } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { LEVELS } from '../../src/logs/levels.js';
import { rootLog } from '../../src/logs/logger.js';
import { type LogSetUp, ProcessLog } from '../../src/logs/state.js';
import { manualClock } from '../../src/testing/manual-clock.js';

let opened: ProcessLog[] = [];
afterEach(() => {
  for (const each of opened) each.close();
  opened = [];
});

function memory(service: string, options: Partial<LogSetUp> = {}) {
  const chunks: string[] = [];
  const destination = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  const origin = { service, version: '1', environment: 'test' };
  const setUp: LogSetUp = { origin, clock: manualClock(), threshold: LEVELS.info, redact: [], destination, ...options };
  return { setUp, events: () => chunks.map((line) => `${JSON.parse(line).service} ${JSON.parse(line).event}`) };
}

function processLog(defaults: () => LogSetUp) {
  const state = new ProcessLog(defaults);
  opened.push(state);
  return { state, log: rootLog(state) };
}

describe('the log of the process', () => {
  test('is set up by the first line, if by nothing else before', () => {
    let asked = 0;
    const early = memory('early');
    const { log } = processLog(() => {
      asked++;
      return early.setUp;
    });
    log.debug('too low to need anything');
    expect(asked).toBe(0);
    log.info('one');
    log.info('two');
    expect(asked).toBe(1);
    expect(early.events()).toEqual(['early one', 'early two']);
  });

  test('keeps a level that was set before its first line', () => {
    const early = memory('early');
    const { log } = processLog(() => early.setUp);
    log.level = 'debug';
    log.debug('one');
    log.debug('two');
    expect(early.events()).toEqual(['early one', 'early two']);
  });

  test('goes on under the next set-up, with its level, for loggers made before', () => {
    const [early, late] = [memory('early'), memory('late', { threshold: LEVELS.warn, redact: ['ssn'] })];
    const { state, log } = processLog(() => early.setUp);
    const child = log.child({ a: 1 });
    child.info('one');
    state.setUp(late.setUp);
    child.info('not any more');
    child.warn({ ssn: 1 }, 'two');
    expect(early.events()).toEqual(['early one']);
    expect(late.events()).toEqual(['late two']);
  });

  test('tells when it closes how many lines went, and begins anew after that', async () => {
    const early = memory('early');
    const { state, log } = processLog(() => early.setUp);
    log.info('one');
    log.info('two');
    await new Promise((resolve) => setImmediate(resolve)); // a stream says in the next turn that it has taken a line
    expect(state.close()).toEqual({ written: 2, dropped: 0 });
    expect(state.close()).toEqual({ written: 0, dropped: 0 });
    log.info('three');
    expect(early.events()).toEqual(['early one', 'early two', 'early three']);
  });

  test('leaves no listener of the process behind when it has closed', () => {
    const count = () => ['exit', 'SIGTERM', 'SIGINT', 'SIGHUP'].map((event) => process.listenerCount(event));
    const before = count();
    const early = memory('early');
    const { state, log } = processLog(() => early.setUp);
    log.info('one');
    state.setUp(memory('late').setUp);
    expect(count()).not.toEqual(before);
    state.close();
    expect(count()).toEqual(before);
  });
});
