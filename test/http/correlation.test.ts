import http from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { correlationId } from '../../src/context/carrier.js';
import { log } from '../../src/parts/log.js';
import { connect, listen, type Observed, observing, request, stopAll } from './harness.js';

afterEach(stopAll);

const HEADER = 'x-correlation-id';
const MADE = /^(?!0{32})[0-9a-f]{32}$/;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

const echo: http.RequestListener = (_request, response) => response.end(String(correlationId()));
const serve = (handler: http.RequestListener = echo, options: http.ServerOptions = {}): Promise<number> =>
  listen(http.createServer(options, handler));

/** Sends the bytes as they are; all that came back until the server closed. */
async function raw(port: number, head: readonly string[]): Promise<string> {
  const socket = await connect(port);
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    answer += chunk;
  });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(Buffer.from(['GET / HTTP/1.1', 'Host: x', 'Connection: close', ...head, '', ''].join('\r\n'), 'latin1'));
  await closed;
  return answer;
}

const replaced = ({ observability }: Observed): number => observability.drops()['correlation']?.['invalid_id'] ?? 0;

describe('an ID that may be one comes back as it was sent', () => {
  test.each([
    'a',
    '0',
    'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    'Root=1-67891233-abcdef012345678912345678',
    'YWJj+/ZGVm==',
    'job:7/step.3_b',
    '0'.repeat(32),
    'x'.repeat(128),
  ])('%s', async (id) => {
    const observed = observing();
    const before = replaced(observed);
    const port = await serve();

    const { headers, body } = await request(port, '/', { headers: { [HEADER]: id } });

    expect([headers[HEADER], body]).toEqual([id, id]);
    expect(await observed.recorded(1)).toMatchObject([{ correlation_id: id }]);
    expect(replaced(observed)).toBe(before);
  });
});

test('a request without an ID gets a new one each time', async () => {
  observing();
  const port = await serve();
  const agent = new http.Agent({ keepAlive: true });
  const ids = new Set<string>();

  for (let i = 0; i < 500; i++) ids.add(String((await request(port, '/', { agent })).headers[HEADER]));

  expect(ids.size).toBe(500);
  expect([...ids].every((id) => MADE.test(id))).toBe(true);
  agent.destroy();
});

describe('an ID that breaks the rule is replaced, counted and kept nowhere', () => {
  test.each([
    ['129 characters', 'evil'.padEnd(129, 'x')],
    ['8 KB', 'evil'.padEnd(8192, 'x')],
    ['a blank', 'evil id'],
    ['a tab', 'evil\tid'],
    ['a list', 'evil,id'],
    ['a semicolon', 'evil;id'],
    ['quotes', '"evil"'],
    ['markup', '<script>evil</script>'],
    ['an escaped line break', 'evil%0d%0aset-cookie:a=1'],
    ['a template', '$\u007bevil}'],
    ['braces', '{"evil":1}'],
    ['bytes beyond ASCII', 'evil\u00e9'],
    ['a backslash', 'evil\\n'],
  ])('%s', async (_name, id) => {
    const observed = observing();
    const before = replaced(observed);
    const port = await serve();

    const answer = await raw(port, [`${HEADER}: ${id}`]);
    const [record] = await observed.recorded(1);

    expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\nx-correlation-id: [0-9a-f]{32}\r\n/i);
    expect(answer).not.toContain('evil');
    expect(record?.['correlation_id']).toMatch(MADE);
    expect(JSON.stringify(observed.lines())).not.toContain('evil');
    expect(replaced(observed)).toBe(before + 1);
  });

  test('64 KB, where a server takes headers of that size', async () => {
    const observed = observing();
    const port = await serve(echo, { maxHeaderSize: 2 ** 17 });

    const answer = await raw(port, [`${HEADER}: ${'evil'.padEnd(2 ** 16, 'x')}`]);

    expect(answer).toMatch(/\r\nx-correlation-id: [0-9a-f]{32}\r\n/i);
    expect(answer.length).toBeLessThan(1000);
    expect(await observed.recorded(1)).toHaveLength(1);
  });

  test('32 KB where a server does not: Node answers by itself, and nothing enters', async () => {
    const observed = observing();
    const port = await serve();

    const answer = await raw(port, [`${HEADER}: ${'evil'.padEnd(2 ** 15, 'x')}`]);

    expect(answer).toMatch(/^HTTP\/1.1 431 /);
    expect(answer).not.toContain('evil');
    expect(observed.records()).toEqual([]);
    expect(observed.observability.signals.snapshot().traffic.inFlight).toBe(0);
  });

  test('an empty one', async () => {
    const observed = observing();
    const before = replaced(observed);
    const port = await serve();

    expect(await raw(port, [`${HEADER}:   `])).toMatch(/\r\nx-correlation-id: [0-9a-f]{32}\r\n/i);
    expect(replaced(observed)).toBe(before + 1);
  });

  test('two of them, which Node joins', async () => {
    const observed = observing();
    const before = replaced(observed);
    const port = await serve();

    const answer = await raw(port, [`${HEADER}: evil-1`, `${HEADER.toUpperCase()}: evil-2`]);

    expect(answer).toMatch(/\r\nx-correlation-id: [0-9a-f]{32}\r\n/i);
    expect(answer).not.toContain('evil');
    expect(replaced(observed)).toBe(before + 1);
  });
});

test.each([
  ['a bare carriage return', `${HEADER}: a\rset-cookie: evil=1`],
  ['a bare line feed', `${HEADER}: a\nset-cookie: evil=1`],
  ['a folded line', `${HEADER}: a\r\n evil=1`],
  ['a zero byte', `${HEADER}: a\0evil`],
  ['a line break', `${HEADER}: a\r\nset-cookie: evil=1`],
  ['a vertical tab', `${HEADER}: a\vevil`],
])('%s injects nothing into the answer', async (_name, line) => {
  const observed = observing();
  const port = await serve();

  const answer = await raw(port, [line]);

  expect(answer).toMatch(/^HTTP\/1.1 (200|400) /);
  expect(answer.toLowerCase()).not.toMatch(/evil|set-cookie/);
  expect(JSON.stringify(observed.lines())).not.toContain('evil');
});

describe('the ID is on the answer', () => {
  test.each<[string, http.RequestListener, number]>([
    ['of a handler that says nothing of headers', (_q, s) => s.end('body'), 200],
    ['404', (_q, s) => s.writeHead(404).end(), 404],
    ['500', (_q, s) => s.writeHead(500).end('failed'), 500],
    ['204', (_q, s) => s.writeHead(204).end(), 204],
    ['304', (_q, s) => s.writeHead(304).end(), 304],
    ['with a message', (_q, s) => s.writeHead(200, 'Fine').end(), 200],
    ['with an object', (_q, s) => s.writeHead(200, { a: 'b', 'set-cookie': ['c=1', 'd=2'] }).end(), 200],
    ['with a message and an object', (_q, s) => s.writeHead(200, 'Fine', { a: 'b' }).end(), 200],
    ['with a flat array', (_q, s) => s.writeHead(200, ['a', 'b', 'set-cookie', 'c=1', 'set-cookie', 'd=2']).end(), 200],
    ['with an array of pairs', (_q, s) => s.writeHead(200, [['a', 'b']] as never).end(), 200], // Node takes them, its types do not
    ['with flushed headers', (_q, s) => setImmediate(() => s.end()) && s.flushHeaders(), 200],
    ['after early hints', (_q, s) => s.writeEarlyHints({ link: '</a.css>; rel=preload' }, () => s.end()), 200],
    ['whose headers were all removed', (_q, s) => without(s).end('body'), 200],
    ['in pieces', (_q, s) => s.write('a') && setImmediate(() => s.end('b')), 200],
  ])('%s', async (_name, handler, status) => {
    const observed = observing();
    const port = await serve(handler);

    const answer = await request(port, '/', { headers: { [HEADER]: 'mine-1' } });

    expect([answer.status, answer.headers[HEADER]]).toEqual([status, 'mine-1']);
    expect(await observed.recorded(1)).toMatchObject([{ correlation_id: 'mine-1', status }]);
  });

  test('to HEAD', async () => {
    observing();
    const port = await serve();

    const answer = await request(port, '/', { method: 'HEAD', headers: { [HEADER]: 'mine-2' } });

    expect(answer.headers[HEADER]).toBe('mine-2');
  });

  test.each([
    ['an object', { 'set-cookie': ['a=1', 'b=2'] }],
    ['a flat array', ['set-cookie', 'a=1', 'set-cookie', 'b=2']],
    [
      'an array of pairs',
      [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['c', 'd'],
      ],
    ],
  ])('and costs no other header of %s', async (_name, headers) => {
    observing();
    const port = await serve((_request, response) => response.writeHead(200, headers as never).end());

    const answer = await request(port);

    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  test('before the handler runs, and the handler may set another', async () => {
    observing();
    const seen: unknown[] = [];
    const port = await serve((_request, response) => {
      seen.push(response.getHeader(HEADER));
      response.setHeader(HEADER, 'theirs');
      response.end();
    });

    const { headers } = await request(port, '/', { headers: { [HEADER]: 'mine-3' } });

    expect([seen, headers[HEADER]]).toEqual([['mine-3'], 'theirs']);
  });

  test('of each of several requests in one packet', async () => {
    observing();
    const port = await serve((_request, response) => setImmediate(() => response.end()));
    const socket = await connect(port);
    let text = '';
    const done = new Promise<void>((resolve) =>
      socket.on('data', (chunk) => {
        text += chunk;
        if (text.split('HTTP/1.1 200').length > 8) resolve();
      }),
    );

    socket.write(
      Array.from({ length: 8 }, (_, i) => `GET / HTTP/1.1\r\nHost: x\r\n${HEADER}: piped-${i}\r\n\r\n`).join(''),
    );
    await done;

    expect([...text.matchAll(/x-correlation-id: (\S+)/gi)].map(([, id]) => id)).toEqual(
      Array.from({ length: 8 }, (_, i) => `piped-${i}`),
    );
  });
});

function without(response: http.ServerResponse): http.ServerResponse {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  return response;
}

describe('where the ID comes from', () => {
  const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;

  test.each([
    ['x-request-id', { 'x-request-id': 'asked-1' }, 'asked-1'],
    ['the more wanted of two', { 'x-request-id': 'asked-2', [HEADER]: 'wanted-2' }, 'wanted-2'],
    ['the second, when the first breaks the rule', { 'x-request-id': 'asked-3', [HEADER]: 'not this' }, 'asked-3'],
    ['the trace, when there is nothing else', { traceparent }, TRACE],
    ['the header before the trace', { traceparent, [HEADER]: 'wanted-4' }, 'wanted-4'],
    ['the trace, when the header breaks the rule', { traceparent, [HEADER]: 'not this' }, TRACE],
  ])('%s', async (_name, headers, id) => {
    const observed = observing();
    const port = await serve();

    const answer = await request(port, '/', { headers });

    expect([answer.headers[HEADER], answer.body]).toEqual([id, id]);
    expect(await observed.recorded(1)).toMatchObject([{ correlation_id: id }]);
  });

  test.each([
    ['of another length', '00-abc-b7ad6b7169203331-01'],
    ['in upper case', traceparent.toUpperCase()],
    ['of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['sent twice', `${traceparent}, ${traceparent}`],
    ['of a version that cannot be', traceparent.replace('00', 'ff')],
  ])('no trace %s', async (_name, broken) => {
    observing();
    const port = await serve();

    const { headers } = await request(port, '/', { headers: { traceparent: broken } });

    expect(headers[HEADER]).toMatch(MADE);
    expect(headers[HEADER]).not.toBe(TRACE);
  });

  test('the trace of a request is that of its traceparent, whatever its ID', async () => {
    const observed = observing();
    const port = await serve();

    await request(port, '/', { headers: { traceparent, [HEADER]: 'wanted-5' } });

    expect(await observed.recorded(1)).toMatchObject([{ correlation_id: 'wanted-5', trace_id: TRACE }]);
  });

  test('other headers, when they are configured: the first is also the one that goes out', async () => {
    const observed = observing({ http: { correlationHeaders: ['X-Trace-Key', 'Request-Key'] } });
    const port = await serve();

    const answers = [
      await request(port, '/', { headers: { 'x-trace-key': 'key-1', 'request-key': 'key-2' } }),
      await request(port, '/', { headers: { 'REQUEST-KEY': 'key-2' } }),
      await request(port, '/', { headers: { [HEADER]: 'unknown' } }),
    ];

    expect(answers.map(({ headers }) => headers['x-trace-key'])).toEqual([
      'key-1',
      'key-2',
      expect.stringMatching(MADE),
    ]);
    expect(answers.map(({ headers }) => headers[HEADER])).toEqual([undefined, undefined, undefined]);
    expect(await observed.recorded(3)).toHaveLength(3);
  });
});

test('every line that a request causes carries its ID, and no line of another', async () => {
  const observed = observing();
  const port = await serve(async (incoming, response) => {
    const number = Number(incoming.headers['x-number']);
    log.info({ number }, 'begun');
    await new Promise(setImmediate);
    log.child({ module: 'orders' }).warn({ number }, 'awaited');
    setTimeout(() => {
      log.info({ number }, 'later');
      response.on('finish', () => log.info({ number }, 'finished')).end();
    }, 1);
  });

  await Promise.all(
    Array.from({ length: 30 }, (_, i) => request(port, '/', { headers: { [HEADER]: `line-${i}`, 'x-number': i } })),
  );
  await observed.recorded(30);
  const own = observed.lines().filter((line) => 'number' in line);

  expect(own).toHaveLength(120);
  expect(own.filter((line) => line['correlation_id'] !== `line-${line['number']}`)).toEqual([]);
  expect(new Set(observed.records().map((line) => line['correlation_id'])).size).toBe(30);
});

test('an ignored request gets its ID all the same', async () => {
  const observed = observing({ http: { ignore: ['/livez'] } });
  const port = await serve();

  const { headers, body } = await request(port, '/livez', { headers: { [HEADER]: 'probe-1' } });

  expect([headers[HEADER], body]).toEqual(['probe-1', 'probe-1']);
  expect(observed.records()).toEqual([]);
});

test('without automatic entry and without a middleware an answer is as Node made it', async () => {
  observing({ http: { auto: false } });
  const port = await serve();

  const { headers, body } = await request(port, '/', { headers: { [HEADER]: 'mine-9' } });

  expect([headers[HEADER], body]).toEqual([undefined, 'undefined']);
});
