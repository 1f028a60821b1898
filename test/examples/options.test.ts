import { describe, expect, test } from 'vitest';
import { parseDuration, parseOptions, UsageError } from '../../examples/demo/options.mjs';

describe('a time', () => {
  test.each([
    ['500ms', 500],
    ['15s', 15_000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['24h', 86_400_000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(['', '15', 's', '15 s', '-5s', '0s', '1e3s', '15sec', '25h', '15S', '1.s', '٣s'])(
    '%j is refused',
    (text) => {
      expect(() => parseDuration(text)).toThrow(UsageError);
      expect(() => parseDuration(text)).toThrow(`such as 15s, 2m or 500ms, got ${JSON.stringify(text)}`);
    },
  );
});

describe('the command line', () => {
  test('without options runs until it is interrupted', () => {
    expect(parseOptions([])).toEqual({ help: false, forMs: undefined });
  });

  test.each([[['--for', '15s']], [['--for=15s']]])('%j gives the time', (args) => {
    expect(parseOptions(args)).toEqual({ help: false, forMs: 15_000 });
  });

  test.each(['--help', '-h'])('%s asks for help', (option) => {
    expect(parseOptions([option]).help).toBe(true);
  });

  test('--for without a time is refused', () => {
    expect(() => parseOptions(['--for'])).toThrow('got nothing');
  });

  test.each(['--fro', '15s', '-f'])('%s is unknown, and the known ones are told', (option) => {
    expect(() => parseOptions([option])).toThrow(`unknown option "${option}"; known: --for <time>, --help`);
  });
});
