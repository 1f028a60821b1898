import { ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { newTraceId } from '../../src/context/ids.js';
import { type OtelApi, otelApi } from '../../src/context/otel.js';
import { HeadSampler, TRUSTED } from '../../src/traces/sampler.js';

const api = otelApi() as OtelApi;
const [DROP, RECORD, SAMPLE] = [0, 1, 2];
const ROUNDS = 20_000;

const under = (parent: Partial<SpanContext>) =>
  trace.setSpanContext(ROOT_CONTEXT, { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0, ...parent });

const share = (decide: () => number): number => {
  let sampled = 0;
  for (let i = 0; i < ROUNDS; i++) if (decide() === SAMPLE) sampled++;
  return sampled / ROUNDS;
};

describe.each([0, 0.01, 0.25, 1])('a ratio of %d', (ratio) => {
  const sampler = new HeadSampler(api, { ratio, records: true });

  test('is the share of new traces', () => {
    expect(share(() => sampler.shouldSample(ROOT_CONTEXT, newTraceId()).decision)).toBeCloseTo(ratio, 1);
  });

  test('is not raised by a client that sets its sampled flag', () => {
    const decide = (): number => {
      const traceId = newTraceId();
      return sampler.shouldSample(under({ traceId, traceFlags: 1, isRemote: true }), traceId).decision;
    };
    expect(Math.abs(share(decide) - ratio)).toBeLessThan(0.02);
  });

  test('is hardly raised by a client that sends one well-chosen trace ID again and again', () => {
    const traceId = `${'0'.repeat(31)}1`;
    const decide = (): number => sampler.shouldSample(under({ traceId, isRemote: true }), traceId).decision;
    expect(share(decide)).toBeLessThanOrEqual(ratio * 1.25 + 10 / ROUNDS);
  });
});

test('a child in this process follows its parent', () => {
  const sampler = new HeadSampler(api, { ratio: 0, records: true });
  expect(sampler.shouldSample(under({ traceFlags: 1 }), newTraceId()).decision).toBe(SAMPLE);
  expect(sampler.shouldSample(under({ traceFlags: 0 }), newTraceId()).decision).toBe(RECORD);
});

test('a caller that is trusted decides', () => {
  const sampler = new HeadSampler(api, { ratio: 0, records: true });
  const trusted = under({ traceFlags: 1, isRemote: true }).setValue(TRUSTED, true);
  expect(sampler.shouldSample(trusted, newTraceId()).decision).toBe(SAMPLE);
});

test('without a decision at the end, what the head did not choose is not recorded', () => {
  const sampler = new HeadSampler(api, { ratio: 0, records: false });
  expect(sampler.shouldSample(ROOT_CONTEXT, newTraceId()).decision).toBe(DROP);
});
