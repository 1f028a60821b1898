import { describe, expect, test } from 'vitest';
import { contextTools } from '../../src/context/carrier.js';
import { isThreshold, LEVELS, nameOf, numberOf, THRESHOLDS } from '../../src/logs/levels.js';
import type { Log } from '../../src/logs/logger.js';
import { inRequest } from '../support/contexts.js';
import { memoryLog } from '../support/memory-log.js';

describe('names and numbers', () => {
  test("are pino's, and lead to each other", () => {
    expect(LEVELS).toEqual({ trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 });
    for (const name of THRESHOLDS) expect(nameOf(numberOf(name))).toBe(name);
  });

  test.each(['INFO', '', 'verbose', 'toString', '__proto__', 30, null, undefined])('%j is no threshold', (value) => {
    expect(isThreshold(value)).toBe(false);
  });
});

/** The levels that get through, in order. */
function heard(log: Log, raw: string[]): string[] {
  raw.length = 0;
  for (const level of Object.keys(LEVELS) as (keyof typeof LEVELS)[]) log[level]('x');
  return raw.map((line) => JSON.parse(line).level);
}

const all = Object.keys(LEVELS);

describe('the level of the process', () => {
  test.each(THRESHOLDS)('%s lets itself and all above through', (threshold) => {
    const { log, raw } = memoryLog({ level: threshold });
    expect(heard(log, raw)).toEqual(threshold === 'silent' ? [] : all.slice(all.indexOf(threshold)));
    expect(log.level).toBe(threshold);
    expect(log.levelVal).toBe(numberOf(threshold));
  });

  test('changes at once for children and modules that exist, and for their children', () => {
    const { log, raw } = memoryLog();
    const loggers = [
      log.child({ a: 1 }),
      log.module('billing'),
      log.module('billing').child({ b: 2 }),
      log.child({}).child({}),
    ];
    log.level = 'debug';
    for (const logger of loggers) expect(heard(logger, raw)).toEqual(all.slice(1));
    log.level = 'error';
    for (const logger of loggers) expect(heard(logger, raw)).toEqual(['error', 'fatal']);
  });

  test('still changes for all after the root was given bindings', () => {
    const { log, raw, state } = memoryLog();
    log.setBindings({ region: 'eu' });
    log.level = 'error';
    expect(heard(log.module('m'), raw)).toEqual(['error', 'fatal']);
    expect(state.threshold).toBe(LEVELS.error);
  });

  test.each(['verbose', 'INFO', '', 30, undefined])('cannot be set to %j, and stays what it was', (level) => {
    const { log } = memoryLog();
    expect(() => {
      log.level = level as string;
    }).toThrow(/unknown level .*; known: trace, debug, info, warn, error, fatal, silent/);
    expect(log.level).toBe('info');
  });
});

describe('the level of a module', () => {
  test('is its own: the process and other modules keep theirs', () => {
    const { log, raw } = memoryLog();
    log.module('billing').level = 'debug';
    expect(heard(log.module('billing'), raw)).toEqual(all.slice(1));
    expect(heard(log.module('mail'), raw)).toEqual(all.slice(2));
    expect(heard(log, raw)).toEqual(all.slice(2));
  });

  test('holds for its children, made before or after, until they have their own', () => {
    const { log, raw } = memoryLog();
    const before = log.module('billing').child({ a: 1 });
    log.module('billing').level = 'error';
    const own = log.module('billing').child({ b: 2 }, { level: 'debug' });
    expect(heard(before, raw)).toEqual(['error', 'fatal']);
    expect(heard(own, raw)).toEqual(all.slice(1));
    expect(heard(own.child({}), raw)).toEqual(all.slice(1));
  });

  test('does not follow the process once it is set', () => {
    const { log, raw } = memoryLog();
    log.module('billing').level = 'info';
    log.level = 'error';
    expect(heard(log.module('billing'), raw)).toEqual(all.slice(2));
  });

  test('one name is one logger', () => {
    const { log } = memoryLog();
    expect(log.module('billing')).toBe(log.module('billing'));
    expect(log.child({ a: 1 }).module('billing')).toBe(log.module('billing'));
    expect(log.module('toString')).not.toBe(log.module('constructor'));
  });

  test('beyond 500 names a logger is made anew and works all the same', () => {
    const { log, raw } = memoryLog();
    for (let i = 0; i < 600; i++) log.module(`m${i}`);
    expect(log.module('m499')).toBe(log.module('m499'));
    expect(log.module('m599')).not.toBe(log.module('m599'));
    expect(heard(log.module('m599'), raw)).toEqual(all.slice(2));
  });
});

describe('the level of a request', () => {
  test('holds for that request alone, over all loggers, lower or higher', () => {
    const { log, raw } = memoryLog();
    const quiet = log.child({}, { level: 'error' });
    inRequest('r-1', () => {
      expect(log.requestLevel('trace')).toBe(true);
      for (const logger of [log, quiet, log.module('m')]) expect(heard(logger, raw)).toEqual(all);
      expect(inRequest('r-2', () => heard(log, raw))).toEqual(all.slice(2));
      log.requestLevel('silent');
      expect(heard(log, raw)).toEqual([]);
    });
    expect(heard(log, raw)).toEqual(all.slice(2));
  });

  test('holds for what is run within it, and may be set from there', () => {
    const { log, raw } = memoryLog();
    inRequest('r-1', () => {
      contextTools().run({ correlationId: 'part' }, () => log.requestLevel('debug'));
      expect(heard(log, raw)).toEqual(all.slice(1));
      expect(contextTools().run({}, () => heard(log, raw))).toEqual(all.slice(1));
    });
  });

  test('outside of any request there is none to set', () => {
    expect(memoryLog().log.requestLevel('debug')).toBe(false);
  });

  test('that is none is not set', () => {
    const { log, raw } = memoryLog();
    inRequest('r-1', () => {
      expect(log.requestLevel('loud' as 'trace')).toBe(false);
      expect(heard(log, raw)).toEqual(all.slice(2));
    });
  });
});

describe('asking first', () => {
  test('a level is enabled when its lines are written', () => {
    const { log } = memoryLog();
    expect([log.isLevelEnabled('info'), log.isLevelEnabled('debug'), log.isLevelEnabled('nonsense')]).toEqual([
      true,
      false,
      false,
    ]);
    inRequest('r-1', () => {
      log.requestLevel('debug');
      expect(log.isLevelEnabled('debug')).toBe(true);
    });
  });

  test('a line below the level does not touch what it was given', () => {
    const { log } = memoryLog();
    const untouchable = new Proxy({}, { get: () => expect.fail('read'), ownKeys: () => expect.fail('listed') });
    log.debug(untouchable, 'x');
    log.child({ a: 1 }).debug(untouchable);
  });
});
