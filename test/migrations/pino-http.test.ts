import { describe, expect, test } from 'vitest';
import { until } from '../support/until.js';
import { start } from './app.js';

type Line = Readonly<Record<string, unknown>>;

const LEVELS: Readonly<Record<number, string>> = { 30: 'info', 40: 'warn', 50: 'error' };

/** One line of pino-http under our names; what has no counterpart is left out. */
function mapped(line: Line): Line {
  const { id, method, url } = line['req'] as { id: string; method: string; url: string };
  const common = {
    service: line['service'],
    level: LEVELS[Number(line['level'])],
    correlation_id: id,
    timestamp: new Date(Number(line['time'])).toISOString(),
  };
  const response = line['res'] as { statusCode: number } | undefined;
  if (response === undefined) return { ...common, event: line['msg'], user_id: line['user_id'], token: line['token'] };
  const timed = { status: response.statusCode, duration_ms: line['responseTime'] };
  return { ...common, event: 'http_request', method, path: url, ...timed };
}

/** Fields that both have, without what differs from run to run; that those are there and of the right shape is checked. */
function comparable(lines: readonly Line[]): Line[] {
  return lines.map(({ timestamp, duration_ms, ...line }) => {
    expect(new Date(String(timestamp)).toISOString()).toBe(timestamp);
    if (line['event'] === 'http_request') expect(duration_ms).toEqual(expect.any(Number));
    const token = line['token'] === undefined ? {} : { token: 'redacted' };
    return { ...line, ...token };
  });
}

const ours = (line: Line): Line => {
  const { service, level, correlation_id, timestamp, event } = line;
  const common = { service, level, correlation_id, timestamp, event };
  if (event !== 'http_request') return { ...common, user_id: line['user_id'], token: line['token'] };
  const { method, path, status, duration_ms } = line;
  return { ...common, method, path, status, duration_ms };
};

async function linesOf(file: string): Promise<Line[]> {
  const app = await start(file);
  for (const [path, id] of [
    ['/health', 'a'],
    ['/carts/ada', 'b'],
    ['/broken', 'c'],
    ['/carts/bob', 'd'],
  ] as const)
    await (await app.get(path, { headers: { 'x-request-id': id } })).text();
  await until(() => app.lines.length >= 5);
  await app.stop();
  return app.lines;
}

const EXPECTED = [
  { event: 'cart_opened', level: 'info', correlation_id: 'b', user_id: 'ada', token: 'redacted' },
  { event: 'http_request', level: 'info', correlation_id: 'b', method: 'GET', path: '/carts/ada', status: 200 },
  { event: 'http_request', level: 'error', correlation_id: 'c', method: 'GET', path: '/broken', status: 500 },
  { event: 'cart_opened', level: 'info', correlation_id: 'd', user_id: 'bob', token: 'redacted' },
  { event: 'http_request', level: 'info', correlation_id: 'd', method: 'GET', path: '/carts/bob', status: 200 },
].map((line) => ({ service: 'shop', ...line }));

describe('from pino-http', () => {
  test('the same lines are written before and after, under mapped names', async () => {
    const before = await linesOf('pino-http/before.mjs');
    const after = await linesOf('pino-http/after.mjs');
    expect(comparable(before.map(mapped))).toEqual(EXPECTED);
    expect(comparable(after.map(ours))).toEqual(EXPECTED);
    expect(JSON.stringify([before, after])).not.toContain('abc');
    expect(after.find(({ status }) => status === 200)).toMatchObject({ route: '/carts/:user', outcome: 'ok' });
  });

  test('side by side, the lines of pino-http are as they were, with our IDs', async () => {
    expect(comparable((await linesOf('pino-http/beside.mjs')).map(mapped))).toEqual(EXPECTED);
  });
});
