import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { correlationId } from '../../src/context/carrier.js';
import { certificate } from '../support/certificate.js';
import { type Line, listen, observing, pause, request, stopAll } from './harness.js';

afterEach(stopAll);

type Handler = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => unknown;

interface Http2Case {
  readonly name: string;
  readonly handler: Handler;
  readonly act: (stream: http2.ClientHttp2Stream, session: http2.ClientHttp2Session) => Promise<unknown>;
  readonly expected: Line;
}

const complete = async (stream: http2.ClientHttp2Stream): Promise<unknown> => once(stream.resume(), 'close');
const settled = (stream: http2.ClientHttp2Stream): Promise<unknown> =>
  new Promise((resolve) => stream.on('close', resolve));

const cases: Http2Case[] = [
  { name: 'a normal answer', handler: (_q, s) => s.end('hi'), act: complete, expected: { outcome: 'ok', status: 200 } },
  {
    name: 'an answer of 500',
    handler: (_q, s) => s.writeHead(500).end(),
    act: complete,
    expected: { outcome: 'error', status: 500, error_type: '500' },
  },
  {
    name: 'a reset by the client before the head',
    handler: () => {},
    act: async (stream) => {
      await pause(40);
      stream.close(http2.constants.NGHTTP2_CANCEL);
      await settled(stream);
    },
    expected: { outcome: 'aborted', abort_phase: 'before_headers' },
  },
  {
    name: 'a reset by the client mid-response',
    handler: (_q, s) => s.write('begun'),
    act: async (stream) => {
      await once(stream, 'data');
      stream.close(http2.constants.NGHTTP2_CANCEL);
      await settled(stream);
    },
    expected: { outcome: 'aborted', abort_phase: 'mid_response' },
  },
  {
    name: 'a session that the client destroys',
    handler: () => {},
    act: async (_stream, session) => {
      await pause(40);
      session.destroy();
    },
    expected: { outcome: 'aborted', abort_phase: 'before_headers' },
  },
  {
    name: 'a stream that the server destroys',
    handler: (_q, s) => s.stream.destroy(),
    act: settled,
    expected: { outcome: 'error', error_type: 'destroyed' },
  },
];

describe('over HTTP/2', () => {
  test.each(cases)('exactly one record of $name', async ({ handler, act, expected }) => {
    const { recorded, observability } = observing();
    const port = await listen(http2.createServer((q, s) => void handler(q, s)));
    const session = http2.connect(`http://127.0.0.1:${port}`);
    session.on('error', () => {});
    const stream = session.request({ ':path': '/' });
    stream.on('error', () => {});
    stream.setEncoding('utf8');
    stream.end();
    await act(stream, session);
    const records = await recorded(1);
    session.destroy();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject(expected);
    expect(observability.signals.snapshot().traffic).toMatchObject({ inFlight: 0, total: 1 });
  });

  test.each(['plain', 'secure', 'HTTP/1 over secure'])(
    '%s: the ID is right in all events and on the response',
    async (kind) => {
      observing();
      const seen: unknown[] = [];
      const handler: Handler = (q, s) => {
        q.on('data', () => seen.push(correlationId()));
        q.on('end', () => {
          seen.push(correlationId());
          s.on('finish', () => seen.push(correlationId()));
          s.end('ok');
        });
      };
      const secure = kind !== 'plain';
      const server = secure
        ? http2.createSecureServer({ ...certificate, allowHTTP1: true }, handler)
        : http2.createServer(handler);
      const port = await listen(server);
      const headers = { 'x-correlation-id': 'mine' };
      let answered: unknown;
      if (kind === 'HTTP/1 over secure') {
        answered = await new Promise((resolve, reject) => {
          const outgoing = https.request({
            port,
            host: '127.0.0.1',
            method: 'POST',
            headers,
            rejectUnauthorized: false,
          });
          outgoing.on('response', (r) => r.resume().on('end', () => resolve(r.headers['x-correlation-id'])));
          outgoing.on('error', reject);
          outgoing.end('body');
        });
      } else {
        const session = http2.connect(`${secure ? 'https' : 'http'}://127.0.0.1:${port}`, {
          rejectUnauthorized: false,
        });
        const stream = session.request({ ':path': '/', ':method': 'POST', ...headers });
        stream.on('response', (response) => {
          answered = response['x-correlation-id'];
        });
        stream.end('body');
        await complete(stream);
        session.close();
      }
      await pause(20);
      expect(answered).toBe('mine');
      expect(seen).toEqual(['mine', 'mine', 'mine']);
    },
  );
});

describe('over https', () => {
  test('a normal answer is one record, with the bytes of the answer and not of the encryption', async () => {
    const { recorded } = observing();
    const port = await listen(https.createServer(certificate, (_q, s) => s.end('x'.repeat(1000))));
    const status = await new Promise((resolve) => {
      https.get({ port, host: '127.0.0.1', rejectUnauthorized: false, agent: false }, (r) => {
        r.resume().on('end', () => resolve(r.statusCode));
      });
    });
    const records = await recorded(1);
    expect(status).toBe(200);
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({ outcome: 'ok', status: 200 });
    expect(records[0]?.['bytes']).toBeGreaterThan(1000);
    expect(records[0]?.['bytes']).toBeLessThan(1400);
  });

  test('a client that goes is aborted', async () => {
    const { recorded } = observing();
    const port = await listen(https.createServer(certificate, () => {}));
    const outgoing = https.get({ port, host: '127.0.0.1', rejectUnauthorized: false, agent: false });
    outgoing.on('error', () => {});
    await pause(80);
    outgoing.destroy();
    expect(await recorded(1)).toMatchObject([{ outcome: 'aborted', abort_phase: 'before_headers' }]);
  });
});

test('a server that is no HTTP server may have an event named request', async () => {
  const { records } = observing();
  const server = net.createServer();
  const seen: unknown[] = [];
  server.on('request', (...args) => seen.push(args));
  server.emit('request', 'anything', 7);
  server.emit('request');
  expect(seen).toEqual([['anything', 7], []]);
  expect(records()).toEqual([]);
});

test('a server of an application that subclasses request and response is observed the same', async () => {
  const { recorded } = observing();
  const http = await import('node:http');
  class Request extends http.IncomingMessage {}
  class Response extends http.ServerResponse<Request> {
    override writeHead(...args: [number]): this {
      return super.writeHead(...args);
    }
  }
  const port = await listen(
    http.createServer({ IncomingMessage: Request, ServerResponse: Response }, (_q, s) => s.end()),
  );
  const { headers } = await request(port);
  expect(headers['x-correlation-id']).toMatch(/^[0-9a-f]{32}$/);
  expect(await recorded(1)).toMatchObject([{ outcome: 'ok' }]);
});
