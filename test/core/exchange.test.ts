import { expect, test } from 'vitest';
import { type AnyResponse, Exchange, type ServerRequest } from '../../src/core/exchange.js';

const open = (request: object, response: object) =>
  new Exchange(request as ServerRequest, response as AnyResponse, 100, 'GET', '/a');

test('keeps the socket from the start, as the request may let go of it', () => {
  const socket = {};
  const request: { socket: object | null } = { socket };
  const exchange = open(request, {});
  request.socket = null;
  expect(exchange.socket).toBe(socket);
  expect(exchange.stream).toBeUndefined();
});

test('on HTTP/2 keeps the stream, and no socket: its streams share one', () => {
  const stream = {};
  const exchange = open({ socket: {} }, { stream });
  expect(exchange.stream).toBe(stream);
  expect(exchange.socket).toBeNull();
});

test('has no duration and no first byte before they are known', () => {
  const exchange = open({ socket: null }, {});
  expect([exchange.durationMs, exchange.firstByteMs]).toEqual([Number.NaN, Number.NaN]);
  exchange.lastByteMs = 130;
  expect(exchange.durationMs).toBe(30);
});
