import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type AccessLogOptions, accessLog } from '../../src/logs/access-log.js';
import { pinoPair } from '../../src/logs/pino.js';
import { manualClock } from '../../src/testing/index.js';
import { ended, type Facts } from '../support/exchanges.js';
import { dropsIn, hearing } from '../support/ledger.js';
import { type Line, memoryLog } from '../support/memory-log.js';

const notices = hearing();
afterEach(() => void vi.restoreAllMocks());

function logged(
  facts: Partial<Facts>[],
  options: AccessLogOptions = {},
  level: 'info' | 'warn' | 'error' | 'silent' = 'info',
): Line[] {
  const { state, lines } = memoryLog({ level });
  const observer = accessLog(state, options);
  for (const each of facts) observer.end?.(ended(each));
  return lines();
}

const ok = { outcome: 'ok' } as const;
const failed = { outcome: 'error', status: 503, errorType: '503' } as const;
const aborted = { outcome: 'aborted', abortPhase: 'before_headers', status: 0 } as const;

test('a line holds the whole exchange, with its own IDs', () => {
  const [line] = logged([
    {
      method: 'POST',
      route: '/users/:id',
      path: '/users/7',
      status: 201,
      endedMs: 2000,
      durationMs: 12.3456,
      firstByteAfterMs: 3.2,
      bytes: 312,
    },
  ]);
  expect(line).toEqual({
    level: 'info',
    timestamp: '2026-01-01T00:00:00.000Z',
    service: 'shop',
    version: '1.2.3',
    environment: 'test',
    correlation_id: 'c-1',
    trace_id: 'a'.repeat(32),
    span_id: 'b'.repeat(16),
    method: 'POST',
    route: '/users/:id',
    path: '/users/7',
    status: 201,
    outcome: 'ok',
    duration_ms: 12.346,
    first_byte_ms: 3.2,
    bytes: 312,
    event: 'http_request',
  });
});

describe('the level goes by the outcome', () => {
  test('ok is info, an error is an error, and an aborted request is a warning', () => {
    expect(logged([ok, failed, aborted]).map(({ level }) => level)).toEqual(['info', 'error', 'warn']);
  });

  test('a 404 is ok', () => {
    expect(logged([{ status: 404 }])[0]).toMatchObject({ level: 'info', status: 404, outcome: 'ok' });
  });

  test.each([
    ['info', ['ok', 'error', 'aborted']],
    ['warn', ['error', 'aborted']],
    ['error', ['error']],
    ['silent', []],
  ] as const)('and lines below %s are not written', (level, outcomes) => {
    expect(logged([ok, failed, aborted], {}, level).map(({ outcome }) => outcome)).toEqual(outcomes);
  });

  test('a change of the level is followed at once', () => {
    const { log, state, lines } = memoryLog();
    const observer = accessLog(state, {});
    log.level = 'error';
    observer.end?.(ended());
    expect(lines()).toEqual([]);
    log.level = 'debug';
    observer.end?.(ended());
    expect(lines()).toHaveLength(1);
  });
});

describe('what is not known is left out', () => {
  test('no status and no first byte without a head, no bytes on HTTP/2, no error of an ok exchange', () => {
    const [line] = logged([{ ...aborted, failure: new Error('kept apart') }]);
    for (const key of ['status', 'first_byte_ms', 'bytes', 'error_type', 'err']) expect(line).not.toHaveProperty(key);
    expect(line).toMatchObject({ abort_phase: 'before_headers', outcome: 'aborted' });
  });

  test('no phase of an exchange that was not aborted', () => {
    expect(logged([ok])[0]).not.toHaveProperty('abort_phase');
  });
});

describe('an error', () => {
  test('is told with its type and what was thrown', () => {
    const [line] = logged([{ ...failed, errorType: 'TypeError', failure: new TypeError('wrong') }]);
    expect(line).toMatchObject({
      error_type: 'TypeError',
      err: { type: 'TypeError', message: 'wrong' },
      event: 'http_request',
    });
  });

  test('that carries a secret is told without it', () => {
    const failure = Object.assign(new Error('wrong'), { config: { headers: { Authorization: 'S3CR3T' } } });
    const text = JSON.stringify(logged([{ ...failed, failure }]));
    expect(text).toContain('[redacted]');
    expect(text).not.toContain('S3CR3T');
  });

  test.each([['a text'], [null], [7]])('may be %j, which is no error at all', (failure) => {
    expect(logged([{ ...failed, failure }])[0]).toMatchObject({ err: failure });
  });

  test('that cannot be read is left out of its line, and that is counted and told', () => {
    const failure = Object.defineProperty(new Error('x'), 'message', {
      get: () => {
        throw new Error('unreadable');
      },
    });
    const counted = dropsIn('access log', 'threw', () => {
      const [line] = logged([{ ...failed, failure }]);
      expect(line).toMatchObject({ status: 503 });
      expect(line).not.toHaveProperty('err');
    });
    expect(counted).toBe(1);
    expect(notices[0]?.message).toContain('unreadable');
  });
});

describe('a sample', () => {
  test('is of ok exchanges alone: errors and aborted ones are always written', () => {
    expect(logged([ok, failed, aborted], { sample: 0 }).map(({ outcome }) => outcome)).toEqual(['error', 'aborted']);
  });

  test('keeps that share of them', () => {
    const draws = [0.05, 0.1, 0.0999, 0.5];
    vi.spyOn(Math, 'random').mockImplementation(() => draws.shift() ?? 1);
    expect(logged([ok, ok, ok, ok], { sample: 0.1 })).toHaveLength(2);
  });

  test('of 1 keeps all, and draws no lot', () => {
    const draw = vi.spyOn(Math, 'random');
    expect(logged([ok, ok], { sample: 1 })).toHaveLength(2);
    expect(draw).not.toHaveBeenCalled();
  });
});

describe('what is ignored', () => {
  const ignore = ['/livez', '/users/:id'];

  test('is named by route or by path', () => {
    const written = logged(
      [
        { route: '/users/:id', path: '/users/7' },
        { route: '_unmatched', path: '/livez' },
        { route: '/a', path: '/a' },
      ],
      {
        ignore,
      },
    );
    expect(written.map(({ path }) => path)).toEqual(['/a']);
  });

  test('is written when it failed or was aborted', () => {
    expect(
      logged(
        [
          { ...failed, path: '/livez' },
          { ...aborted, path: '/livez' },
        ],
        { ignore },
      ),
    ).toHaveLength(2);
  });
});

test('any line is, byte for byte, what pino would have written of the same fields', () => {
  const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('/a"b\\c', '\u2028\n\t', '</script>'));
  const facts = fc.record({
    outcome: fc.constantFrom('ok' as const, 'aborted' as const),
    method: fc.constantFrom('GET', '_OTHER'),
    route: text,
    path: text,
    status: fc.constantFrom(0, 200, 404),
    durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    firstByteAfterMs: fc.option(fc.double({ min: 0, max: 1e5, noNaN: true }), { nil: undefined }),
    bytes: fc.option(fc.nat(), { nil: undefined }),
    errorType: fc.option(text, { nil: undefined }),
  });
  fc.assert(
    fc.property(facts, (given) => {
      const written: string[] = [];
      const { state } = memoryLog();
      const origin = { service: 'sh"op', version: '1', environment: 'é' };
      const pair = pinoPair(origin, [], manualClock(), { write: (line) => void written.push(line) });
      accessLog({ ...state, threshold: 0, pair }, {}).end?.(ended(given as Partial<Facts>));
      const [line = ''] = written;
      const { level, timestamp: _, service: _s, version: _v, environment: _e, event, ...fields } = JSON.parse(line);
      pair.own[level as 'info' | 'warn'](fields, event);
      expect(written[1]).toBe(line);
    }),
  );
});
