import { expect, test } from 'vitest';
import { MAX_BYTES, MAX_MEMBERS } from '../../../src/traces/propagators/baggage.js';
import { formatBaggage } from '../../../src/traces/propagators/baggage-format.js';
import { parseBaggage } from '../../../src/traces/propagators/baggage-parse.js';
import type { Propagator, Remote } from '../../../src/traces/propagators/propagator.js';
import { propagators } from '../../../src/traces/propagators/propagators.js';
import { random } from '../../support/random.js';
import { HALF, injected, SPAN, TRACE } from './injected.js';

const VALUES = 100_000;
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
const ALPHABET = [
  ...'0123456789abcdefABCDEFdg-:;,=%@?_ \t\n\r\0\x7f\xa0\xe9\u0141',
  '\ud83d',
  '__proto__',
  '%ff',
  '\u{1f600}',
];

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

function mutations(seed: number): () => string {
  const next = random(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  return () => {
    const text = [...(SEEDS[below(SEEDS.length)] as string)]; // below the length
    for (let edits = below(4); edits > 0; edits--) {
      text.splice(below(text.length + 1), below(3), next() < 0.8 ? (ALPHABET[below(ALPHABET.length)] as string) : '');
    }
    if (next() < 0.02) text.push(...(SEEDS[below(SEEDS.length)] as string).repeat(below(40)));
    return text.join('');
  };
}

test('a hundred thousand mutated values: no propagator throws, and what is found is well formed', () => {
  const mutated = mutations(29);
  const next = random(31);
  const all: Propagator[] = Object.values(propagators);
  const fields = [...new Set(all.flatMap((propagator) => propagator.fields))];
  const found = new Map(all.map((propagator) => [propagator.name, 0]));
  let values = 0;
  while (values < VALUES) {
    const text = mutated();
    values++;
    const headers = Object.fromEntries(
      fields.map((field) => {
        const own = next() < 0.3;
        if (own) values++;
        const value = own ? mutated() : text;
        return [field, next() < 0.05 ? [value, mutated()] : value];
      }),
    );
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
});

test('fifty thousand mutated baggages: none throws, and what is read can be sent within the limits', () => {
  const mutated = mutations(37);
  let read = 0;
  for (let run = 0; run < VALUES / 2; run++) {
    const text = mutated();
    const baggage = parseBaggage(run % 10 === 0 ? [text, mutated(), mutated()] : text);
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
});
