import { describe, expect, test } from 'vitest';
import { originOf, resolve } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/config-error.js';
import type { ObserveOptions } from '../../src/config/options.js';
import { probes } from '../../src/saturation/probes.js';
import { DEFAULT_BOUNDARIES } from '../../src/signals/cumulative.js';
import { hearing } from '../support/ledger.js';

const notices = hearing();

describe('what is in force', () => {
  test('without options and environment: the defaults', () => {
    const { origin, instance, traces, metrics, flags, alerts, ...rest } = resolve({}, {});
    expect(rest).toEqual({
      http: {
        auto: true,
        ignore: [],
        correlationHeaders: ['x-correlation-id', 'x-request-id'],
        propagateTo: undefined,
        route: undefined,
        trust: 'continue',
        targetingKey: undefined,
        readOnly: false,
        limit: undefined,
      },
      rollouts: {},
      log: { threshold: 30, destination: 1, accessLog: {}, redact: [] },
      saturation: { probes: Object.keys(probes), intervalMs: 1000 },
      admin: { host: '127.0.0.1' },
      shutdownTimeoutMs: 2000,
    });
    expect(origin.environment).toBe('development');
    expect(instance).toMatch(/.:\d+$/);
    expect(alerts).toEqual({});
    expect(flags).toEqual({ sources: [], backup: undefined });
    expect(metrics).toEqual({ include: undefined, push: undefined, boundaries: DEFAULT_BOUNDARIES });
    expect(traces).toMatchObject({ starts: false, sender: undefined, ratio: 1, byRoute: true });
  });

  const env = {
    OTEL_SERVICE_NAME: 'from-env',
    OTEL_RESOURCE_ATTRIBUTES: 'service.version=9,deployment.environment.name=env',
    LOG_LEVEL: 'error',
    FOURLIGHTS_LOG_DESTINATION: '/env.log',
    FOURLIGHTS_ACCESS_LOG: 'false',
    FOURLIGHTS_IGNORE: '/env',
    FOURLIGHTS_CORRELATION_HEADERS: 'X-Env',
    FOURLIGHTS_PROPAGATE_TO: 'env-host',
  };
  const fromEnv = {
    origin: { service: 'from-env', version: '9', environment: 'env' },
    http: { ignore: ['/env'], correlationHeaders: ['x-env'], propagateTo: ['env-host'] },
    log: { threshold: 50, destination: '/env.log', accessLog: undefined },
  };

  test('the environment wins over the defaults', () => {
    expect(resolve({}, env)).toMatchObject(fromEnv);
  });

  test('code wins over the environment', () => {
    const options: ObserveOptions = {
      service: 'code',
      version: '1',
      environment: 'code',
      http: { ignore: [], correlationHeaders: ['X-Code', 'X-Second'], propagateTo: [/code/] },
      log: { level: 'trace', destination: 2, accessLog: true },
    };
    expect(resolve(options, env)).toMatchObject({
      origin: { service: 'code', version: '1', environment: 'code' },
      http: { ignore: [], correlationHeaders: ['x-code', 'x-second'], propagateTo: [/code/] },
      log: { threshold: 10, destination: 2, accessLog: {} },
    });
  });

  test('an option that is undefined hides nothing', () => {
    const options: ObserveOptions = {
      service: undefined,
      version: undefined,
      environment: undefined,
      http: { ignore: undefined, correlationHeaders: undefined, propagateTo: undefined },
      log: { level: undefined, destination: undefined, accessLog: undefined },
    };
    expect(resolve(options, env)).toMatchObject(fromEnv);
    expect(resolve({ http: undefined, log: undefined, saturation: undefined }, env)).toMatchObject(fromEnv);
  });

  test('one option of a group leaves the environment the others', () => {
    expect(resolve({ log: { redact: ['ssn'] } }, env).log).toMatchObject({
      threshold: 50,
      destination: '/env.log',
      redact: ['ssn'],
    });
  });

  test.each([
    ['a file descriptor 0', { log: { destination: 0 } }, { log: { destination: 0 } }],
    ['no time to shut down', { shutdownTimeoutMs: 0 }, { shutdownTimeoutMs: 0 }],
    ['no automatic entry', { http: { auto: false } }, { http: { auto: false } }],
    ['no probes', { saturation: { probes: [] } }, { saturation: { probes: [] } }],
    ['no access log', { log: { accessLog: false } }, { log: { accessLog: undefined } }],
    ['no line of it', { log: { accessLog: { sample: 0 } } }, { log: { accessLog: { sample: 0 } } }],
    ['no log at all', { log: { level: 'silent' } }, { log: { threshold: Number.POSITIVE_INFINITY } }],
  ] as [string, ObserveOptions, object][])('%s is a setting, not a missing one', (_name, options, expected) => {
    expect(resolve(options, {})).toMatchObject(expected);
  });
});

describe('what is wrong', () => {
  test('in the code throws, before the environment is looked at', () => {
    expect(() => resolve({ servce: 'a' } as ObserveOptions, { LOG_LEVEL: 'loud' })).toThrow(ConfigError);
    expect(notices).toEqual([]);
  });

  test('in the environment is told, and code goes on', () => {
    expect(resolve({ service: 'a' }, { LOG_LEVEL: 'loud' }).log.threshold).toBe(30);
    expect(notices).toHaveLength(1);
  });
});

describe('who this process is', () => {
  test('the options say, then the environment, then package.json', () => {
    expect(originOf({ service: 'a' }, { service: 'b', version: '2', environment: 'e' })).toEqual({
      service: 'a',
      version: '2',
      environment: 'e',
    });
    const { service, version } = originOf({}, {});
    expect([service, version].every((text) => text.length > 0)).toBe(true);
  });
});
