import { type ClientRequest, OutgoingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { type Header, injectIntoRequest, injectIntoUndici } from '../../src/http/injection.js';

const HEADER: Header = ['x-correlation-id', 'c-1'];

describe('into a request of undici', () => {
  const injected = (headers: unknown) => {
    const added: string[][] = [];
    const addHeader = (...header: string[]) => added.push(header);
    injectIntoUndici({ origin: 'http://a', method: 'GET', path: '/', headers, addHeader }, HEADER);
    return added;
  };

  test.each([
    ['an empty list', []],
    ['a list without it', ['accept', '*/*']],
    ['a list with it as a value', ['x-other', 'x-correlation-id']],
    ['a head as text without it', 'accept: */*\r\nx-correlation-id-2: a\r\n'],
    ['an empty head as text', ''],
    ['nothing', null],
  ])('%s: the header is added', (_name, headers) => {
    expect(injected(headers)).toEqual([[...HEADER]]);
  });

  test.each([
    ['a list', ['accept', '*/*', 'x-correlation-id', 'mine']],
    ['a list in another case', ['X-Correlation-ID', 'mine']],
    ['a list with several values', ['X-Correlation-Id', ['mine', 'too']]],
    ['a list of buffers', [Buffer.from('X-Correlation-Id'), Buffer.from('mine')]],
    ['a head as text', 'accept: */*\r\nX-Correlation-Id: mine\r\n'],
    ['the first line of a head as text', 'x-correlation-id: mine\r\n'],
  ])("the caller's own in %s is left alone", (_name, headers) => {
    expect(injected(headers)).toEqual([]);
  });
});

describe('into a request of node:http', () => {
  /** A message as Node has it before it writes its head; no socket is needed for that. */
  const message = (headers: Record<string, string> = {}) => {
    const outgoing = new OutgoingMessage();
    for (const [name, value] of Object.entries(headers)) outgoing.setHeader(name, value);
    return outgoing as unknown as ClientRequest;
  };

  test('whose headers are a flat list gets it at the end', () => {
    const headers = ['Accept', '*/*'];
    expect(injectIntoRequest(message(), headers, HEADER)).toEqual(['Accept', '*/*', 'x-correlation-id', 'c-1']);
    expect(headers).toEqual(['Accept', '*/*']);
  });

  test('whose headers are a list of pairs gets a pair', () => {
    const headers = [['Accept', '*/*']];
    expect(injectIntoRequest(message(), headers, HEADER)).toEqual([
      ['Accept', '*/*'],
      ['x-correlation-id', 'c-1'],
    ]);
    expect(headers).toEqual([['Accept', '*/*']]);
  });

  test('whose headers are an empty list gets it', () => {
    expect(injectIntoRequest(message(), [], HEADER)).toEqual(['x-correlation-id', 'c-1']);
  });

  test("a list that has the caller's own comes back as it was", () => {
    for (const headers of [['X-Correlation-Id', 'mine'], [['X-CORRELATION-ID', 'mine']]]) {
      expect(injectIntoRequest(message(), headers, HEADER)).toBe(headers);
    }
  });

  test('whose headers are its own map gets it there, and the map is what is written', () => {
    const outgoing = message({ Accept: '*/*' });
    const written = injectIntoRequest(outgoing, 'what Node passed', HEADER) as Record<string, [string, string]>;
    expect(outgoing.getHeader('x-correlation-id')).toBe('c-1');
    expect(Object.values(written)).toEqual([
      ['Accept', '*/*'],
      ['x-correlation-id', 'c-1'],
    ]);
  });

  test('without any header, where Node passed null, gets a map', () => {
    const written = injectIntoRequest(message(), null, HEADER) as Record<string, [string, string]>;
    expect(Object.values(written)).toEqual([['x-correlation-id', 'c-1']]);
  });

  test("the caller's own header in the map is left alone", () => {
    const outgoing = message({ 'X-Correlation-ID': 'mine' });
    const passed = {};
    expect(injectIntoRequest(outgoing, passed, HEADER)).toBe(passed);
    expect(outgoing.getHeader('x-correlation-id')).toBe('mine');
  });
});
