import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { beside } from './process.js';

const run = (...words: string[]) => beside(['verdict', ...words]);

const VERSIONS = ['--baseline', '1.4.1', '--candidate', '1.5.0'];

describe('what is wrong with the command line is said, and is no verdict:', () => {
  test.each([
    ['two equal versions', ['--prometheus', 'http://a', '--baseline', '1', '--candidate', '1'], 'are both "1"'],
    ['no version', ['--prometheus', 'http://a', '--baseline', '1'], '--candidate <version> is missing'],
    ['no address', ['--prometheus', 'localhost:9090', ...VERSIONS], '--prometheus must be an address that begins with'],
    [
      'no time',
      ['--prometheus', 'http://a', ...VERSIONS, '--wait', 'ten'],
      '--wait must be seconds, or a time such as 90s',
    ],
    [
      'a step of nothing',
      ['--prometheus', 'http://a', ...VERSIONS, '--step', '0s'],
      '--step must be seconds, or a time',
    ],
    [
      'no metric',
      ['--prometheus', 'http://a', ...VERSIONS, '--metrics', 'errors,speed'],
      '--metrics must be errors, latency',
    ],
    ['a tolerance below 1', ['--prometheus', 'http://a', ...VERSIONS, '--tolerance', '0.5'], '--tolerance must be'],
  ])('%s', async (_name, words, message) => {
    const { code, stdout, stderr } = await run(...words);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(message);
  });
});

async function answering(status: number, body: string): Promise<{ address: string; close: () => void }> {
  const server = createServer((_request, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

describe('no answer is no verdict:', () => {
  test('a server that is not there', async () => {
    const { address, close } = await answering(200, '');
    close();
    const { code, stderr } = await run('--prometheus', address, ...VERSIONS);
    expect(code).toBe(69);
    expect(stderr).toMatch(/does not answer: .*ECONNREFUSED/);
  });

  test.each([
    ['an error of its own', 400, '{"status":"error","error":"too many samples"}', 'answers 400: too many samples'],
    ['something else that listens there', 200, '<html>Grafana</html>', 'answers 200: <html>Grafana</html>'],
    [
      'an answer of another shape',
      200,
      '{"status":"success","data":{"resultType":"vector","result":[]}}',
      'answers 200',
    ],
  ])('%s', async (_name, status, body, message) => {
    const { address, close } = await answering(status, body);
    const { code, stderr } = await run('--prometheus', address, ...VERSIONS);
    close();
    expect(code).toBe(69);
    expect(stderr).toContain(message);
  });
});
