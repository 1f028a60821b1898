import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fourlights, inFolder } from '../cli/process.js';
import { documents, type Snippet, snippetsOf } from '../docs/documents.js';
import { jsonLines, type Program, run, start } from './program.js';
import { commandsOf, faultOf, wordsOf } from './snippet-commands.js';
import { typeErrors } from './snippet-types.js';

const snippets = documents.flatMap(snippetsOf);
const WORDS = ['check', 'tested'];
const of = (...languages: readonly string[]): Snippet[] =>
  snippets.filter(({ language }) => languages.includes(language));
const named = (all: readonly Snippet[]) =>
  all.map((snippet) => [`${snippet.document}:${snippet.line}`, snippet] as const);

/** On spare ports: those that are written may be somebody else's. */
const onSparePorts = (code: string): string =>
  code.replaceAll(/(listen\(|port: )\d+/g, (_all, before: string) => `${before}0`);
/** Servers would run for ever. */
const ended = (code: string): string => `${onSparePorts(code)}\nsetTimeout(() => process.exit(0), 300);`;

/** What is too large to be installed for one page. */
const STAND_INS = {
  "import next from 'next';":
    "const next = () => ({ prepare: async () => {}, getRequestHandler: () => (_request, response) => response.end('a page') });",
};
const withStandIns = (code: string): string =>
  Object.entries(STAND_INS).reduce((text, [line, standIn]) => text.replace(line, standIn), code);

/** `check`: needs what is not here. `tested`: is shown of a program that a test of its own runs. */
describe('a snippet of JavaScript runs as it stands, save those marked otherwise', () => {
  const runnable = of('js').filter(({ words }) => words.length === 0);
  test('there are some', () => expect(runnable.length).toBeGreaterThan(15));

  test('no other word stands beside the language', () => {
    expect(snippets.flatMap(({ words }) => words).filter((word) => !WORDS.includes(word))).toEqual([]);
  });

  test.each(named(runnable))('%s', async (_where, { code }) => {
    const { code: exitCode, stderr } = await run(ended(withStandIns(code)), { env: { NODE_ENV: '' } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

test('snippets of JavaScript and TypeScript fit the built types', () => {
  const typed = of('js', 'ts').filter(({ words }) => !words.includes('tested'));
  expect([...typeErrors(typed).values()].flat()).toEqual([]);
});

test('a snippet with a wrong option does not fit', () => {
  const code = "import { observe } from 'fourlights';\nobserve({ servce: 'shop' });";
  const wrong: Snippet = { document: 'README.md', line: 0, language: 'ts', words: [], code };
  expect([...typeErrors([wrong]).values()].flat()).toEqual([expect.stringContaining("'servce' does not exist")]);
});

test.each(named(of('json')))('%s is JSON, as a whole or line by line', (_where, { code }) => {
  const parts = code.startsWith('{"') ? code.trim().split('\n') : [code];
  for (const part of parts) expect(() => JSON.parse(part), part).not.toThrow();
});

test.each(named(of('yaml')))('%s is YAML', (_where, { code }) => {
  expect(parseAllDocuments(code).flatMap((document) => ('errors' in document ? document.errors : []))).toEqual([]);
});

/** What the commands of documents read. */
const FILES = {
  'package.json': '{ "type": "module", "dependencies": { "express": "5" } }',
  'alerts.js': `export const rules = [{ name: 'A', severity: 'warning', signal: 'errors.ratio', fireAbove: 0.1, action: 'Roll back the release.' }];`,
  'flags.json': '{ "flags": { "new_checkout": { "rollout": 25 } } }',
};
/** They ask a server, or go on until they are ended. */
const NEED_A_SERVER = new Set(['verdict', 'top', 'demo']);

describe('a command of the shell', () => {
  const commands = of('sh').flatMap((snippet) =>
    commandsOf(snippet).map((command) => [`${snippet.document}:${snippet.line}`, command] as const),
  );
  test('there are some of each kind', () => {
    for (const kind of ['npm ', 'npx ', 'node ', 'curl ']) {
      expect(
        commands.some(([, command]) => command.startsWith(kind)),
        kind,
      ).toBe(true);
    }
  });

  test.each(commands)('%s: %s: its scripts, files and packages are there', (_where, command) => {
    expect(faultOf(command)).toBeUndefined();
  });

  const ours = commands.flatMap(([where, command]) => {
    const words = wordsOf(command);
    const args = words[0] === 'npx' ? words.slice(1) : words;
    return args[0] === 'fourlights' ? [[where, args.slice(1)] as const] : [];
  });

  test.each(ours)('%s: fourlights %j is understood', (_where, args) => {
    if (!NEED_A_SERVER.has(args[0] ?? '')) {
      expect(inFolder(FILES, (folder) => fourlights(args, folder))).toMatchObject({ code: 0, stderr: '' });
      return;
    }
    const { code, stdout } = fourlights([args[0] ?? '', '--help']);
    expect(code).toBe(0);
    for (const option of args.filter((word) => word.startsWith('--'))) expect(stdout).toContain(`${option} `);
  });

  describe('curl', () => {
    const { code } = of('js')[0] ?? { code: '' };
    const ports = { 3000: 0, 9464: 0 };
    let service: Program;
    beforeAll(async () => {
      const told = `${onSparePorts(code).replace('app.listen(0)', 'const server = app.listen(0)')}
        const { admin } = observe();
        server.on('listening', async () => console.log(JSON.stringify({ 3000: server.address().port, 9464: await admin.port })));`;
      service = start(told);
      await new Promise<void>((resolve) => {
        let text = '';
        service.child.stdout?.on('data', (chunk) => {
          text += chunk;
          const ready = jsonLines(text).find((line) => '9464' in line);
          if (ready !== undefined) resolve(void Object.assign(ports, ready));
        });
      });
    });
    afterAll(async () => {
      service.child.kill('SIGTERM');
      await service.ended;
    });

    test.each(commands.filter(([, command]) => command.startsWith('curl ')))('%s: %s', async (_where, command) => {
      const words = wordsOf(command);
      const given = words.find((word) => /^(?:http:\/\/)?(?:localhost|127\.0\.0\.1):/.test(word)) ?? '';
      const [, port = '', path = ''] = /:(3000|9464)(.*)$/.exec(given) ?? [];
      const headers = words
        .filter((_word, at) => words[at - 1] === '-H')
        .map((header) => header.split(/: ?/, 2) as [string, string]);
      const method = words[words.indexOf('-X') + 1] ?? 'GET';
      const url = `http://127.0.0.1:${ports[port as '3000']}${path}`;
      const { status } = await fetch(url, { headers, method: words.includes('-X') ? method : 'GET' });
      expect(status).toBe(200);
    });
  });
});

test('what README says that its first example prints is what it prints', async () => {
  const [first, said] = [of('js')[0], of('json')[0]];
  const request = `
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address();
    const answer = await fetch(\`http://localhost:\${port}/carts/ada?coupon=x\`, { headers: { 'x-correlation-id': 'order-7', connection: 'close' } });
    await answer.text();
    server.close();
    console.error(answer.headers.get('x-correlation-id'));`;
  const code = onSparePorts(first?.code ?? '').replace('app.listen(0)', 'const server = app.listen(0)');
  const { stdout, stderr } = await run(code + request, { env: { NODE_ENV: '' } });
  expect(stderr.trim()).toBe('order-7');
  const shape = (line: Record<string, unknown>) =>
    Object.entries(line).map(([key, value]) => [key, changing.has(key) ? typeof value : value]);
  expect(jsonLines(stdout).map(shape)).toEqual(jsonLines(said?.code ?? '').map(shape));
});

const changing = new Set(['timestamp', 'trace_id', 'span_id', 'duration_ms', 'first_byte_ms', 'bytes']);
