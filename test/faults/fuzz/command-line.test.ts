import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { commands as all } from '../../../src/cli/commands.js';
import { exits } from '../../../src/cli/exits.js';
import { main } from '../../../src/cli/main.js';
import { fourlights } from '../../cli/process.js';
import { listen, stopAll } from '../../http/harness.js';
import { HostileJson, jsonText } from '../../support/hostile-json.js';
import { Mutator } from '../../support/mutator.js';
import { random } from '../../support/random.js';
import { cases, tried } from './budget.js';

const folder = mkdtempSync(join(tmpdir(), 'fourlights-fuzz-'));
const home = process.cwd();
process.chdir(folder); // what `--out` writes, under whatever name, is gone with it
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});
afterEach(stopAll);

const NOWHERE = [
  'http://127.0.0.1:1',
  'http://[',
  'file:///x',
  '',
  'http://127.0.0.1:1/?a=b#c',
  'HTTP://u:p@127.0.0.1:1',
];
const WORDS = ['checkout', '30m', 'alerts.mjs', 'flags.json', '{"a":1}', 'on', '1.5', 'a b', '../x', '2000', 'label'];
/** Of these a text could be asked for over the network, or waited for. */
const ADDRESSES = ['url', 'prometheus'];

/** Without the one that goes on until it is ended: its options have a test of their own. */
const { demo: _, ...commands } = all;

/** A command line: mostly of words that are known, in an order that is not. */
function line(mutator: Mutator): string[] {
  const names = Object.keys(commands) as (keyof typeof commands)[];
  const name = mutator.pick(names);
  const command = commands[name];
  const args = mutator.below(12) === 0 ? [mutator.text()] : name.split(' ');
  const wanted = mutator.below(4) === 0 ? 3 : (command.words?.length ?? 0);
  const options = Object.entries(command.options).filter(
    ([, { type, ...rest }]) => mutator.below(3) === 0 || (type === 'string' && 'required' in rest),
  );
  for (let i = 0; i < wanted; i++) args.push(name === 'top' ? mutator.pick(NOWHERE) : mutator.text());
  for (const [key, { type }] of options) {
    const option = mutator.below(20) === 0 ? mutator.text() : `--${key}`;
    const value = ADDRESSES.includes(key)
      ? mutator.pick(NOWHERE)
      : key === 'wait'
        ? mutator.pick(['0s', 'x', '-1s'])
        : mutator.text();
    if (type === 'boolean') args.push(option);
    else if (mutator.below(2) === 0) args.push(`${option}=${value}`);
    else args.push(option, value);
  }
  return args.filter((word) => word !== '-'); // which reads standard input
}

const isPlain = (text: string): boolean => !/(?!\n)\p{Cc}/u.test(text);
const known: readonly number[] = [...Object.values(exits), 2];

describe('the command line', () => {
  test('of any words ends with one of its exit codes and never with a fault of its own, and says it plainly', async () => {
    writeFileSync(
      'alerts.mjs',
      'export const rules = [{ name: "A", signal: "errors.ratio", above: 0.05, for: "5m", action: "look" }];',
    );
    writeFileSync('flags.json', '{"flags":{"on":{"state":"ENABLED","variants":{"a":true},"defaultVariant":"a"}}}');
    const mutator = new Mutator(97, WORDS);
    const count = cases({ short: 2000, long: 30_000 });
    const codes: Record<number, number> = {};
    for (let run = 0; run < count; run++) {
      const args = line(mutator);
      let out = '';
      let err = '';
      const code = await main(args, commands, {
        out: (text) => {
          out += text;
        },
        err: (text) => {
          err += text;
        },
        flushed: async () => {},
      });
      codes[code] = (codes[code] ?? 0) + 1;
      const wrong =
        code === exits.fault || !known.includes(code) || out.length + err.length > 2_000_000 || !isPlain(err);
      if (wrong || (code !== 0 && out + err === ''))
        expect.fail(`${code} of ${JSON.stringify(args)}: ${err.slice(0, 1000)}`);
    }
    expect(codes[exits.ok]).toBeGreaterThan(count / 100);
    tried('command lines of any words', 'one of the exit codes that are told; never a fault of its own', count, {
      text: Object.entries(codes)
        .map(([code, times]) => `${code}: ${times}`)
        .join(', '),
    });
  });

  test('of any words ends as a process as well', () => {
    const mutator = new Mutator(101, WORDS);
    const count = cases({ short: 8, long: 100 });
    for (let run = 0; run < count; run++) {
      const args = line(mutator).map((word) => word.replaceAll('\0', ''));
      const { code, stderr } = fourlights(args, folder);
      if (code === null || code === exits.fault || !known.includes(code) || !isPlain(stderr))
        expect.fail(`${code} of ${JSON.stringify(args)}: ${stderr}`);
    }
    tried('command lines of any words, as processes', 'they end, with one of the exit codes', count);
  });

  test('shows a document of flags and a service, whatever they hold, without what a terminal obeys', async () => {
    const hostile = new HostileJson(
      random(103),
      ['lights', 'routes', 'alerts', 'flags', 'state', 'variants', 'on'],
      ['\x1b]0;x\x07', '\u202e'],
    );
    const snapshot = {
      service: '\x1b[2J',
      version: '1',
      environment: 'e',
      instance: 'i',
      uptime: 1,
      window: 60,
      lights: [],
      alerts: [],
      routes: [],
    };
    const flags = {
      flags: {
        'on\x1b[2J': { state: 'ENABLED', variants: { a: true }, defaultVariant: 'b\x07' },
        on: { state: 'ENABLED', variants: { 'a\x1b': true }, defaultVariant: 'a\x1b' },
      },
    };
    let reply = '';
    const port = await listen(http.createServer((_request, response) => response.end(reply)));
    const count = cases({ short: 300, long: 6000 });
    for (let run = 0; run < count; run++) {
      reply = jsonText(hostile.spoilt(snapshot));
      writeFileSync('hostile.json', jsonText(hostile.spoilt(flags)));
      const args = hostile.pick([
        ['top', `http://127.0.0.1:${port}`],
        ['flags', 'validate', 'hostile.json'],
        ['flags', 'explain', 'hostile.json', 'on'],
      ]);
      let text = '';
      const add = (more: string): void => {
        text += more;
      };
      const code = await main(args, commands, { out: add, err: add, flushed: async () => {} });
      if (code === exits.fault || !isPlain(text) || text.includes('\u202e'))
        expect.fail(`${code} of ${args}: ${JSON.stringify(text.slice(0, 1000))} of ${reply.slice(0, 500)}`);
    }
    tried('what commands are given to show', 'nothing that a terminal obeys; no fault of their own', count);
  });
});
