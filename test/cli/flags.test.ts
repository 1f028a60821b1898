import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fourlights, inFolder } from './process.js';

const good = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', rollout: 25 };
const document = (flags: object): string => JSON.stringify({ flags });

describe('flags validate', () => {
  test('a document that is good ends with 0', () => {
    inFolder({ 'flags.json': document({ a: good }) }, (folder) => {
      const { code, stdout } = fourlights(['flags', 'validate', 'flags.json'], folder);
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'flags.json: 1 of 1 flags are good, 0 warnings\n' });
    });
  });

  test('a flag that would be rejected ends with 1, and is told with its path, its value and what to do', () => {
    inFolder({ 'flags.json': document({ a: good, b: { ...good, state: 'on' } }) }, (folder) => {
      const { code, stdout } = fourlights(['flags', 'validate', 'flags.json'], folder);
      expect(code).toBe(1);
      expect(stdout).toMatch(/^error: flags\.json: flags\.b\.state is "on": .*"ENABLED"/m);
      const json = JSON.parse(fourlights(['flags', 'validate', 'flags.json', '--json'], folder).stdout);
      expect(json).toMatchObject({ flags: 2, faults: [{ flag: 'b', path: 'flags.b.state' }] });
    });
  });

  test.each([
    ['{"flags":', /it is no JSON/],
    ['[]', /no object with "flags"/],
  ])('what is no document, %j, ends with 65', (text, message) => {
    inFolder({ 'flags.json': text }, (folder) => {
      const { code, stderr } = fourlights(['flags', 'validate', 'flags.json'], folder);
      expect(code).toBe(65);
      expect(stderr).toMatch(message);
    });
  });

  test('a file that is not there, and none at all, are told', () => {
    inFolder({}, (folder) => {
      expect(fourlights(['flags', 'validate', 'none.json'], folder)).toMatchObject({ code: 65 });
      expect(fourlights(['flags', 'validate'], folder)).toMatchObject({ code: 64 });
    });
  });
});

test('flags types writes what the compiler needs', () => {
  inFolder({ 'flags.json': document({ a: good }) }, (folder) => {
    expect(fourlights(['flags', 'types', 'flags.json', '--out', 'flags.d.ts'], folder).code).toBe(0);
    expect(readFileSync(join(folder, 'flags.d.ts'), 'utf8')).toMatch(/interface FlagTypes \{\n {4}"a": boolean;/);
    expect(fourlights(['flags', 'types', 'flags.json', '--out', 'no/such/folder.d.ts'], folder).code).toBe(74);
  });
});

test('flags types says which flag it leaves out, and ends with 1', () => {
  inFolder({ 'flags.json': document({ a: good, b: { ...good, state: 'on' } }) }, (folder) => {
    const { code, stdout, stderr } = fourlights(['flags', 'types', 'flags.json'], folder);
    expect(code).toBe(1);
    expect(stdout).toContain('"a": boolean;\n  }');
    expect(stderr).toMatch(/^left out: flags\.json: flags\.b\.state is "on": .*"ENABLED"/);
  });
});

describe('flags explain', () => {
  test('says the value, the reason and the bucket', () => {
    inFolder({ 'flags.json': document({ a: { ...good, rollout: 100 } }) }, (folder) => {
      const { code, stdout } = fourlights(['flags', 'explain', 'flags.json', 'a', '--key', 'ada'], folder);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^a is true \(variant on\): /);
      expect(stdout).toContain('bucket');
    });
  });

  test('a flag that is not there ends with 1, with the nearest name', () => {
    inFolder({ 'flags.json': document({ checkout: good }) }, (folder) => {
      const { code, stdout } = fourlights(['flags', 'explain', 'flags.json', 'chekout'], folder);
      expect(code).toBe(1);
      expect(stdout).toContain('did you mean "checkout"?');
    });
  });

  test.each(['{', '[]', '7'])('--context %s is refused', (context) => {
    inFolder({ 'flags.json': document({ a: good }) }, (folder) => {
      const { code, stderr } = fourlights(['flags', 'explain', 'flags.json', 'a', '--context', context], folder);
      expect(code).toBe(64);
      expect(stderr).toContain('--context must be a JSON object');
    });
  });
});
