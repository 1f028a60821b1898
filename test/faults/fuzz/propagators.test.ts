import { describe, expect, test } from 'vitest';
import { DEFAULT_HEADERS, type HeaderBag, identify } from '../../../src/context/correlation.js';
import { MAX_BYTES, MAX_MEMBERS } from '../../../src/traces/propagators/baggage.js';
import { formatBaggage } from '../../../src/traces/propagators/baggage-format.js';
import { parseBaggage } from '../../../src/traces/propagators/baggage-parse.js';
import type { Propagator, Remote } from '../../../src/traces/propagators/propagator.js';
import { propagators } from '../../../src/traces/propagators/propagators.js';
import { Mutator } from '../../support/mutator.js';
import { HALF, injected, SPAN, TRACE } from '../../traces/propagators/injected.js';
import { cases, cpuMicros, tried } from './budget.js';

const SEEDS = [
  `00-${TRACE}-${SPAN}-01`,
  `cc-${TRACE}-${SPAN}-03-x`,
  'foo=1, bar@x=2 ,\tbaz=3',
  'a=1;p;q=2, b=%20%e2%82%AC ,c=',
  `${TRACE}-${SPAN}-1-${HALF}`,
  `${HALF}-${SPAN}-d`,
  '0',
  'true',
  TRACE,
  SPAN,
  `Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)};Parent=${SPAN};Sampled=1`,
  `Sampled=?;Self=1;Root=1-${TRACE.slice(0, 8)}-${TRACE.slice(8)}`,
  `${TRACE}:${SPAN}:0:1`,
  `1f%3A${SPAN}%3a${HALF}%3A03`,
];
const all: readonly Propagator[] = Object.values(propagators);
const fields = [...new Set(all.flatMap((propagator) => propagator.fields))];

const isTrace = (id: string) => /^(?!0{32})[0-9a-f]{32}$/.test(id);
const isSpan = (id: string) => /^(?!0{16})[0-9a-f]{16}$/.test(id);
const PRINTABLE = /^[\x20-\x7e]{1,512}$/;

/** What is wrong with what was extracted. */
function fault(remote: Remote, propagator: Propagator): string | undefined {
  if ((remote.flags & ~3) !== 0) return 'flags';
  if (remote.undecided === true && remote.flags !== 0) return 'decision';
  if (remote.debug === true && remote.flags !== 1) return 'debug';
  if (remote.traceId !== undefined && !isTrace(remote.traceId)) return 'trace ID';
  if (remote.spanId === undefined) return undefined;
  if (!isSpan(remote.spanId)) return 'span ID';
  if (remote.tracestate !== undefined && !PRINTABLE.test(remote.tracestate)) return 'tracestate';
  const back = propagator.extract(injected(propagator, remote));
  return back?.traceId === remote.traceId && back.flags === remote.flags ? undefined : 'way back';
}

/** One value for all fields mostly; now and then another one, or a list. */
function headersOf(mutator: Mutator): HeaderBag {
  const text = mutator.text();
  return Object.fromEntries(
    fields.map((field) => {
      const value = mutator.below(10) < 3 ? mutator.text() : text;
      return [field, mutator.below(20) === 0 ? [value, mutator.text()] : value];
    }),
  );
}

test('whatever the trace headers hold, no propagator throws, and what is found is well formed', () => {
  const mutator = new Mutator(29, SEEDS);
  const found = new Map(all.map(({ name }) => [name, 0]));
  const count = cases({ short: 40_000, long: 250_000 });
  for (let run = 0; run < count; run++) {
    const headers = headersOf(mutator);
    for (const propagator of all) {
      const remote = propagator.extract(headers);
      if (remote === undefined) continue;
      found.set(propagator.name, (found.get(propagator.name) ?? 0) + 1);
      const wrong = fault(remote, propagator);
      if (wrong !== undefined) expect.fail(`${propagator.name}: ${wrong} of ${JSON.stringify([headers, remote])}`);
    }
  }
  for (const name of ['tracecontext', 'b3', 'b3multi', 'xray', 'jaeger'])
    expect(found.get(name), name).toBeGreaterThan(500);
  tried('trace headers of any bytes', 'no propagator throws; what is found is well formed', count, {
    goals: [1, 8],
    measured: { headerCases: count, headerThrows: 0 },
  });
});

test('whatever a baggage holds, reading it does not throw, and what is read can be sent within the limits', () => {
  const mutator = new Mutator(37, SEEDS);
  const count = cases({ short: 30_000, long: 150_000 });
  let read = 0;
  for (let run = 0; run < count; run++) {
    const text = mutator.text();
    const baggage = parseBaggage(run % 10 === 0 ? [text, mutator.text(), mutator.text()] : text);
    if (baggage.size === 0) continue;
    read++;
    const sent = formatBaggage(baggage);
    if (baggage.size > MAX_MEMBERS || sent.length > MAX_BYTES || !/^[\x21-\x7e]*$/.test(sent)) {
      expect.fail(JSON.stringify([text, sent]));
    }
    if (JSON.stringify([...parseBaggage(sent)]) !== JSON.stringify([...baggage]))
      expect.fail(`way back of ${JSON.stringify(text)}`);
  }
  expect(read).toBeGreaterThan(500);
  tried('baggage of any bytes', 'reading does not throw; what is read can be sent within the limits', count, {
    goals: [1, 8],
    measured: { headerCases: count, headerThrows: 0 },
  });
});

test('whatever a client sends as its ID, the ID in force is short and plain, and takes microseconds', () => {
  const mutator = new Mutator(41, [
    ...SEEDS,
    'x'.repeat(128),
    'x'.repeat(15_000),
    'job:7/step.3_b',
    'a\u00e9b',
    "<b>'",
  ]);
  const count = cases({ short: 50_000, long: 250_000 });
  const bags = Array.from({ length: 1000 }, () => ({
    'x-correlation-id': mutator.text(),
    ...(mutator.below(2) === 0 && { 'x-request-id': mutator.text(), traceparent: mutator.text() }),
  }));
  const wrong: unknown[] = [];
  let longest = 0;
  const micros = cpuMicros(count, () => {
    for (let run = 0; run < count; run++) {
      if (run % 1000 === 0) bags[run % 7] = { 'x-correlation-id': mutator.text() };
      const bag = bags[run % bags.length] as HeaderBag;
      const { correlationId, traceId, spanId } = identify(bag, DEFAULT_HEADERS);
      longest = Math.max(longest, correlationId.length);
      if (!/^[A-Za-z0-9._:/=+-]{1,128}$/.test(correlationId) || !isTrace(traceId) || !isSpan(spanId)) wrong.push(bag);
    }
  });
  expect(wrong).toEqual([]);
  tried('IDs of any bytes', 'the ID in force is short and plain', count, {
    text: `${micros.toFixed(1)} us each`,
    goals: [1, 8],
    measured: { headerCases: count, headerThrows: 0, idLength: longest, idUs: micros },
  });
});

/** Microseconds of wall time, of so many runs: the median, and the quickest, which no other process has interrupted. */
function timed(work: () => void): { median: number; least: number } {
  const times = Array.from({ length: 301 }, () => {
    const startedMs = performance.now();
    work();
    return (performance.now() - startedMs) * 1000;
  }).sort((a, b) => a - b);
  return { median: times[150] as number, least: times[0] as number };
}

describe('headers of 64 KB in all', () => {
  const floods: [string, string | string[]][] = [
    ['one header of members', `k=${'v'.repeat(100)},`.repeat(630)],
    ['500 headers', Array.from({ length: 500 }, (_, i) => `k${i}=${'v'.repeat(120)}`)],
    ['commas', ','.repeat(65_536)],
    ['blanks', `a=1 ${' '.repeat(65_536)}`],
    ['properties', `a=1${';p=1'.repeat(16_384)}`],
    ['percent signs', `a=${'%'.repeat(65_536)}`],
    ['semicolons', ';'.repeat(65_536)],
    ['hyphens', '-'.repeat(65_536)],
    ['hex digits', '0'.repeat(65_536)],
    ['colons', ':'.repeat(65_536)],
    ['as many percent signs as are read', `a=${'%'.repeat(MAX_BYTES - 2)}`],
    ['as many octets as are read', `a=${'%ff'.repeat(2700)}`],
    ['as many properties as are read', `a=1${';p=1'.repeat(2000)}`],
    ['as many members as are read', 'a=1,'.repeat(2000)],
  ];
  const slowest: number[] = [];

  test.each(floods)('%s: every propagator and the baggage answer within 1 ms', (_name, flood) => {
    const headers = Object.fromEntries(fields.map((field) => [field, flood]));
    const { median, least } = timed(() => {
      for (const propagator of all) propagator.extract(headers);
      parseBaggage(flood);
    });
    slowest.push(median);
    expect(parseBaggage(flood).size).toBeLessThanOrEqual(MAX_MEMBERS);
    expect(least).toBeLessThan(1000);
  });

  test('are read in a fraction of a millisecond, the worst of them too', () => {
    expect(slowest).toHaveLength(floods.length);
    tried('64 KB of headers', 'all propagators and the baggage within 1 ms', floods.length, {
      text: `${Math.max(...slowest).toFixed(0)} us for the slowest`,
      goals: [1, 8],
    });
  });
});
