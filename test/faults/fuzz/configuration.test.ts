import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { resolve } from '../../../src/config/config.js';
import { ConfigError } from '../../../src/config/config-error.js';
import type { ObserveOptions } from '../../../src/config/options.js';
import { schema } from '../../../src/config/rules.js';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { observe, shutdown } from '../../../src/observe.js';
import { HostileJson, polluted } from '../../support/hostile-json.js';
import { Mutator } from '../../support/mutator.js';
import { random } from '../../support/random.js';
import { cases, tried } from './budget.js';

beforeAll(() => diagnostics.speakThrough(() => {})); // what is wrong is told, and here nearly all is
afterAll(() => diagnostics.speakThrough(undefined));
const folder = mkdtempSync(join(tmpdir(), 'fourlights-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const throws = (): never => {
  throw new Error('theirs');
};
/** What JSON has not, and JavaScript callers may give. */
const STRANGE: readonly (() => unknown)[] = [
  () => new Proxy({}, { ownKeys: throws, get: throws, has: throws }),
  () => new Proxy([], { get: throws }),
  () => ({
    get length() {
      return throws();
    },
    get name() {
      return throws();
    },
    get url() {
      return throws();
    },
  }),
  () => Object.create(null),
  () => Object.create({ auto: 'inherited' }),
  () => Symbol('s'),
  () => 10n,
  () => Number.NaN,
  () => throws,
  () => new Map([['a', 1]]),
  () => new (class Theirs {})(),
  () => /(a+)+$/,
  () => new Date(Number.NaN),
  () => new Array(3),
  () => new Writable({ write: (_chunk, _encoding, done) => done() }),
  () => ({ toString: throws, toJSON: throws }),
  () => {
    const round: unknown[] = [];
    round.push(round, { round });
    return round;
  },
];

const sound = (): Record<string, unknown> => ({
  service: 'checkout',
  http: {
    auto: true,
    ignore: ['/livez'],
    correlationHeaders: ['x-id'],
    propagateTo: ['db', /x/],
    trust: 'link',
    limit: { start: 5 },
  },
  log: {
    level: 'info',
    destination: join(folder, 'log'),
    accessLog: { sample: 0.5, ignore: [] },
    redact: ['password'],
  },
  traces: {
    exporter: 'otlp',
    endpoint: 'http://127.0.0.1:9',
    headers: { a: 'b' },
    ratio: 0.1,
    keep: { slowerThan: 5 },
    propagators: ['b3'],
  },
  metrics: { buckets: [0.1, 1], include: [] },
  flags: { source: ['env:FLAGS', join(folder, 'flags.json')], backup: join(folder, 'backup'), context: {} },
  alerts: {
    defaults: true,
    rules: [{ name: 'A', signal: 'errors.ratio', above: 1, action: 'look' }],
    sinks: ['log', 'webhook:http://127.0.0.1:9/x'],
  },
  rollouts: { plans: { a: { stages: [1, 100], minHold: '2m' } }, intervalMs: 1000, prometheus: 'http://127.0.0.1:9' },
  admin: { port: 0, host: '127.0.0.1', token: 'a-token-of-at-least-16' },
  saturation: { probes: ['heap'], intervalMs: 500 },
  shutdownTimeoutMs: 100,
});

/** `value` with some of its parts, at any depth, replaced by what no option is. */
function spoilt(value: unknown, hostile: HostileJson, share: number): unknown {
  if (hostile.below(1000) < share * 1000) return hostile.below(2) === 0 ? hostile.pick(STRANGE)() : hostile.value(2);
  if (Array.isArray(value)) return value.map((item) => spoilt(item, hostile, share));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    hostile.below(100) === 0 ? `${key}s` : key,
    spoilt(item, hostile, share),
  ]);
  return Object.fromEntries(entries);
}

/** Files that would be written, under whatever name, stay in their folder. */
function contained(options: Record<string, unknown>): Record<string, unknown> {
  const within = (part: unknown, key: string): unknown => {
    try {
      const holds = typeof part === 'object' && part !== null && typeof Reflect.get(part, key) === 'string';
      return holds ? { ...part, [key]: join(folder, key) } : part;
    } catch {
      return part; // a proxy, a getter: no text comes of it
    }
  };
  return { ...options, log: within(options['log'], 'destination'), flags: within(options['flags'], 'backup') };
}

const VARIABLES = [
  ...[
    'LOG_LEVEL',
    'NODE_ENV',
    'FOURLIGHTS_LOG_DESTINATION',
    'FOURLIGHTS_ACCESS_LOG',
    'FOURLIGHTS_IGNORE',
    'FOURLIGHTS_PROPAGATE_TO',
  ],
  ...[
    'FOURLIGHTS_CORRELATION_HEADERS',
    'FOURLIGHTS_FLAGS_SOURCE',
    'FOURLIGHTS_FLAGS_BACKUP',
    'FOURLIGHTS_ADMIN_PORT',
    'FOURLIGHTS_ADMIN_HOST',
  ],
  ...[
    'FOURLIGHTS_ADMIN_TOKEN',
    'OTEL_SERVICE_NAME',
    'OTEL_RESOURCE_ATTRIBUTES',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_EXPORTER_OTLP_HEADERS',
  ],
  ...[
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'OTEL_EXPORTER_OTLP_TIMEOUT',
    'OTEL_EXPORTER_OTLP_COMPRESSION',
    'OTEL_TRACES_EXPORTER',
    'OTEL_TRACES_SAMPLER',
  ],
  ...[
    'OTEL_TRACES_SAMPLER_ARG',
    'OTEL_PROPAGATORS',
    'OTEL_BSP_MAX_QUEUE_SIZE',
    'OTEL_METRICS_EXPORTER',
    'OTEL_METRIC_EXPORT_INTERVAL',
  ],
  ...[
    'OTEL_EXPORTER_OTLP_CERTIFICATE',
    'OTEL_EXPORTER_OTLP_CLIENT_KEY',
    'OTEL_SDK_DISABLED',
    'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
  ],
];
const TEXTS = [
  'info',
  'true',
  '0.5',
  '9464',
  'http://127.0.0.1:4318',
  'grpc',
  'http/json',
  'otlp',
  'a=b,c=%20',
  'tracecontext,b3',
  './f.json',
];

function environment(mutator: Mutator): NodeJS.ProcessEnv {
  const set = Array.from({ length: mutator.below(6) }, () => [
    mutator.pick(VARIABLES),
    mutator.text().replaceAll('\0', ''),
  ]);
  return Object.fromEntries(set);
}

/** The config, or why there is none. Anything but a `ConfigError` goes on. */
function resolved(options: unknown, env: NodeJS.ProcessEnv): object | ConfigError {
  try {
    return resolve(options as ObserveOptions, env);
  } catch (cause) {
    if (cause instanceof ConfigError) return cause;
    throw cause;
  }
}

describe('options and environment', () => {
  test('of any kind are a frozen config or a ConfigError that says what is wrong', () => {
    const hostile = new HostileJson(random(67), Object.keys(schema), ['otlp', 'p95', 'http://127.0.0.1:9', '/x']);
    const mutator = new Mutator(71, TEXTS);
    const count = cases({ short: 3000, long: 60_000 });
    let accepted = 0;
    for (let run = 0; run < count; run++) {
      const options =
        hostile.below(10) === 0 ? hostile.pick(STRANGE)() : spoilt(sound(), hostile, run % 2 === 0 ? 0 : 0.03);
      const answer = resolved(options, environment(mutator));
      if (answer instanceof ConfigError) {
        if (answer.problems.length === 0 || answer.message.length > 20_000) expect.fail(answer.message.slice(0, 2000));
        continue;
      }
      accepted++;
      if (!Object.isFrozen(answer) || Object.values(answer).some((part) => part instanceof ConfigError))
        expect.fail('not frozen');
    }
    expect(accepted).toBeGreaterThan(count / 10);
    expect(accepted).toBeLessThan(count);
    expect(polluted()).toBe(false);
    tried('options and environment of any kind', 'a frozen config or a ConfigError', count, {
      text: `${accepted.toLocaleString('en-GB')} were accepted`,
    });
  });

  test('that are accepted start and stop', async () => {
    const hostile = new HostileJson(random(73), Object.keys(schema));
    const mutator = new Mutator(79, TEXTS);
    const count = cases({ short: 60, long: 1000 });
    let started = 0;
    for (let run = 0; run < count; run++) {
      const options = contained({ ...(spoilt(sound(), hostile, 0.01) as object), shutdownTimeoutMs: 100 });
      const env = environment(mutator);
      delete env['FOURLIGHTS_LOG_DESTINATION'];
      delete env['FOURLIGHTS_FLAGS_BACKUP'];
      vi.stubEnv('FOURLIGHTS_ADMIN_PORT', env['FOURLIGHTS_ADMIN_PORT'] ?? '');
      try {
        observe(options as ObserveOptions);
        started++;
      } catch (cause) {
        if (!(cause instanceof ConfigError)) throw cause;
      }
      await shutdown();
    }
    vi.unstubAllEnvs();
    expect(started).toBeGreaterThan(count / 5);
    tried('options that are accepted', 'a start and a stop', count, { text: `${started} started` });
  });
});
