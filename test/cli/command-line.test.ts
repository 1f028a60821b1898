import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.js';
import { version } from '../../src/core/version.js';
import { fourlights, unread } from './process.js';

const names = Object.keys(commands);

describe.each(names)('fourlights %s', (name) => {
  test.each([
    ['--help after it', [...name.split(' '), '--help']],
    ['help before it', ['help', ...name.split(' ')]],
    ['-h among other options', [...name.split(' '), '-h', '--nonsense']],
  ])('says with %s what it does, takes and answers, on standard output', (_how, args) => {
    const { code, stdout, stderr } = fourlights(args);
    expect(stdout).toMatch(new RegExp(`^fourlights ${name}\\b`));
    for (const part of ['Options:', '--help', 'Exit codes:', '64  the command line is wrong', 'Example:'])
      expect(stdout).toContain(part);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('names an option that it does not have, on standard error, and does nothing', () => {
    const { code, stdout, stderr } = fourlights([...name.split(' '), '--hlep']);
    expect(stderr).toMatch(/^fourlights: there is no option --hlep \(did you mean --help\?\); known: --help/);
    expect(stderr).toContain(`See: fourlights ${name} --help`);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  });
});

describe('the command line', () => {
  test('lists all commands', () => {
    for (const args of [['--help'], ['-h'], ['help']]) {
      const { code, stdout, stderr } = fourlights(args);
      for (const name of names) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  });

  test('without a word is wrong, and gets the list on standard error', () => {
    const { code, stdout, stderr } = fourlights([]);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain('fourlights <command> [options]');
  });

  test('says its version', () => {
    expect(fourlights(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each([
    [['rulse'], 'there is no command "rulse" (did you mean "rules"?)'],
    [['rules', 'chekc'], 'there is no command "rules chekc" (did you mean "rules check"?)'],
    [['dashbord', '--out', 'x'], 'there is no command "dashbord" (did you mean "dashboard"?)'],
    [['help', 'inti'], 'there is no command "inti" (did you mean "init"?)'],
    [['toString'], 'there is no command "toString"'],
    [['--json', 'rules'], 'there is no command "--json"'],
    [['rules', 'check', 'a.js', 'b.js'], '"b.js" is one word too many. See: fourlights rules check --help'],
    [['rules', 'check'], '<file> is missing'],
    [['rules', '--from'], '--from needs a value: --from <file>'],
    [['rules', '--from', '--out', 'x'], '--from needs a value: --from <file>'],
    [['rules', '--from='], '--from needs a value: --from <file>'],
    [['rules', '--out', 'a', '--out', 'b'], '--out is given twice'],
    [['rules', '--no-defaults=yes'], '--no-defaults takes no value, got "yes"'],
    [['rules', '-x'], 'there is no option -x'],
    [['dashboard', '--toString', 'x'], 'there is no option --toString'],
    [['rules', '--tests', 't.yml'], '--tests needs --out'],
  ])('%j is answered with what is wrong', (args, message) => {
    const { code, stdout, stderr } = fourlights(args);
    expect(stderr).toContain(`fourlights: ${message}`);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  });

  test('is not disturbed by a reader that has gone', async () => {
    for (const args of [['dashboard'], ['--help'], ['rules']])
      expect(await unread(args)).toEqual({ code: 0, stderr: '' });
  });
});
