import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.js';
import { tracesConfig } from '../../src/config/traces.js';
import { hearing } from '../support/ledger.js';

const notices = hearing();

describe('traces are', () => {
  test('off for false, and where OTEL_SDK_DISABLED says so', () => {
    expect(tracesConfig(false, { OTEL_TRACES_EXPORTER: 'otlp' })).toBeUndefined();
    expect(tracesConfig({}, { OTEL_SDK_DISABLED: 'TRUE' })).toBeUndefined();
  });

  test.each([
    ['nothing said', undefined, {}, false, undefined],
    ['an exporter that is none', undefined, { OTEL_TRACES_EXPORTER: 'none' }, false, undefined],
    ['an empty variable', undefined, { OTEL_TRACES_EXPORTER: '' }, false, undefined],
    ['an object, even an empty one', {}, {}, true, undefined],
    ['an exporter in the environment', undefined, { OTEL_TRACES_EXPORTER: 'zipkin' }, true, 'zipkin'],
    ['a collector in the environment', undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318' }, true, 'otlp'],
    ['an endpoint', { endpoint: 'http://c:4318' }, {}, true, 'otlp'],
    [
      'code before the environment',
      { exporter: 'console' } as const,
      { OTEL_TRACES_EXPORTER: 'otlp' },
      true,
      'console',
    ],
  ])('by %s', (_name, options, env, starts, sender) => {
    expect(tracesConfig(options, env)).toMatchObject({ starts });
    expect(tracesConfig(options, env)?.sender?.name).toBe(sender);
  });

  test("sent by an exporter of the application's own", () => {
    class Own {
      export(): void {}
    }
    expect(tracesConfig({ exporter: new Own() }, {})?.sender?.name).toBe('Own');
  });
});

describe('the sampling ratio', () => {
  test.each([
    [{}, 1],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, 0],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, 1],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' }, 0.25],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, 0],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio' }, 1],
  ])('of %j is %d', (env, ratio) => {
    expect(tracesConfig({}, env)?.ratio).toBe(ratio);
    expect(tracesConfig({ ratio: 0.5 }, env)?.ratio).toBe(0.5);
    expect(notices).toEqual([]);
  });

  test('that is none is told, and all is sampled', () => {
    const env = { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '25%' };
    expect(tracesConfig({}, env)?.ratio).toBe(1);
    expect(notices).toHaveLength(1);
  });
});

describe('what is wrong', () => {
  test('X-Ray without a region, for which there is no default, is a ConfigError that says what to do', () => {
    expect(() => tracesConfig(undefined, { OTEL_TRACES_EXPORTER: 'xray' })).toThrow(ConfigError);
    expect(() => tracesConfig(undefined, { OTEL_TRACES_EXPORTER: 'xray' })).toThrow(/AWS_REGION/);
  });

  const [C, LOCAL] = ['http://c:4318', 'http://localhost:4318/v1/traces'];
  test.each([
    [{ OTEL_TRACES_EXPORTER: 'jaeger' }, undefined, 'must be one of otlp, zipkin, .* got "jaeger"; using the default'],
    [{ OTEL_TRACES_EXPORTER: 'jaeger', OTEL_EXPORTER_OTLP_ENDPOINT: C }, `${C}/v1/traces`, 'using the default'],
    [{ OTEL_TRACES_EXPORTER: 'logging, OTLP' }, LOCAL, 'got "logging, OTLP"; using otlp'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'c:4318' }, LOCAL, 'http://.*got "c:4318"; using the default'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'c', OTEL_EXPORTER_OTLP_ENDPOINT: C }, `${C}/v1/traces`, 'got "c"'],
    [
      { OTEL_TRACES_EXPORTER: 'zipkin', OTEL_EXPORTER_ZIPKIN_ENDPOINT: 'ftp://c' },
      'http://localhost:9411/api/v2/spans',
      'got "ftp://c"',
    ],
    [{ OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_CERTIFICATE: '/no/such.pem' }, LOCAL, '_CERTIFICATE: ENOENT'],
  ])('of %j all is told once, and the service starts with %s', (env, endpoint, message) => {
    expect(tracesConfig({}, env)?.sender?.endpoint).toBe(endpoint);
    expect(notices).toEqual([expect.objectContaining({ message: expect.stringMatching(new RegExp(message)) })]);
  });

  test('an unknown propagator in the environment is told, the others are used', () => {
    expect(tracesConfig({}, { OTEL_PROPAGATORS: 'b3, w3c' })?.propagators).toEqual(['b3']);
    expect(notices).toHaveLength(1);
  });
});

test('the queue follows the variables of the batch processor', () => {
  const env = { OTEL_BSP_SCHEDULE_DELAY: '200', OTEL_BSP_MAX_QUEUE_SIZE: '64' };
  expect(tracesConfig({}, env)?.queue).toEqual({ delayMs: 200, maxQueue: 64 });
});
