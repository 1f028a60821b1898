import { afterAll, describe, expect, test } from 'vitest';
import { spans } from '../exporters/spans.js';
import { type BehaviourName, Collector } from './collector.js';
import { difference, hastyClock, otlpQueue, pause, sum, type Told, until } from './harness.js';

type Fault = BehaviourName | 'refused';

interface Row {
  readonly fault: Fault;
  /** What becomes of the spans while it lasts. */
  readonly fate: 'delivered' | 'lost' | 'waiting';
  readonly reason?: RegExp;
}

const rows: readonly Row[] = [
  { fault: 'refused', fate: 'waiting', reason: /ECONNREFUSED/ },
  { fault: 'hang', fate: 'waiting', reason: /no answer/ },
  { fault: '429 with Retry-After', fate: 'waiting', reason: /HTTP 429, Retry-After 2 s/ },
  { fault: 'HTTP 503', fate: 'waiting', reason: /HTTP 503/ },
  { fault: 'reset mid-body', fate: 'waiting', reason: /ECONNRESET|socket hang up|EPIPE/ },
  { fault: 'HTTP 500', fate: 'lost', reason: /HTTP 500 \(rejected\)/ },
  { fault: 'redirect', fate: 'lost', reason: /redirects are not followed/ },
  { fault: 'partial success', fate: 'lost', reason: /refused 3 spans: too old/ },
  { fault: 'slow 3 s', fate: 'delivered' },
  { fault: 'reset within the answer', fate: 'delivered' },
  { fault: 'garbage', fate: 'delivered' },
  { fault: 'huge body', fate: 'delivered' },
];

const figures: string[] = [];
afterAll(() => {
  if (process.env['FOURLIGHTS_FIGURES'] !== undefined) console.log(figures.join('\n'));
});

async function collectorWith(fault: Fault): Promise<Collector> {
  const collector = await new Collector().listen();
  collector.elsewhere = `${collector.url}/elsewhere`;
  if (fault === 'refused') await collector.close();
  else collector.behaviour = fault;
  return collector;
}

const failing = ({ warnings }: Told) => warnings.filter(({ code }) => code === 'traces.export.otlp.failing');
const recovered = ({ warnings }: Told) => warnings.filter(({ code }) => code === 'traces.export.otlp.recovered');

describe.concurrent('a collector that fails, then heals', () => {
  test.each(rows)('$fault: the ledger balances, one warning, one recovery', async ({ fault, fate, reason }) => {
    const haste = 10;
    const collector = await collectorWith(fault);
    const { port, url } = collector;
    collector.haste = haste;
    const { queue, told } = otlpQueue(url, {
      clock: hastyClock(haste),
      deadlineMs: 4000,
      maxQueue: 1000,
      maxBatch: 100,
    });

    for (let i = 0; i < 6; i++) {
      queue.add(spans(50));
      expect(difference(queue.ledger)).toBe(0);
      await pause(10);
    }
    if (fate === 'delivered') await until(() => queue.ledger.delivered === 300, queue);
    else await until(() => failing(told).length > 0, queue);
    if (fate === 'waiting') expect(queue.ledger).toMatchObject({ delivered: 0, queued: 300 });
    if (fate === 'lost') expect(sum(queue.ledger.dropped)).toBeGreaterThan(0);

    const healed = fault === 'refused' ? await new Collector().listen(port) : collector;
    healed.behaviour = 'ok';
    queue.add(spans(100));
    await until(() => queue.ledger.queued === 0, queue);
    await until(() => fate === 'delivered' || recovered(told).length > 0, queue);

    expect(difference(queue.ledger)).toBe(0);
    expect(queue.ledger.ended).toBe(400);
    // One that answers after the deadline, as a slow one does on a busy machine, is sent the same again.
    if (fault === 'slow 3 s') expect(healed.spanIds.length).toBeGreaterThanOrEqual(queue.ledger.delivered);
    else expect(healed.spanIds.length).toBe(queue.ledger.delivered);
    expect(failing(told)).toHaveLength(fate === 'delivered' ? 0 : 1);
    expect(recovered(told)).toHaveLength(fate === 'delivered' ? 0 : 1);
    if (reason !== undefined) expect(failing(told)[0]?.message).toMatch(reason);
    if (reason !== undefined) expect(failing(told)[0]?.message).toContain(`otlp at ${url}/v1/traces`);
    if (fate !== 'lost') expect(queue.ledger.delivered).toBe(400);
    expect(healed.requests.filter(({ url: path }) => path === '/elsewhere')).toEqual([]);
    expect(sum(told.drops)).toBe(sum(queue.ledger.dropped));
    await queue.shutdown(100);
    await healed.close();
  });
});

describe.concurrent('shutdown', () => {
  test.each([...rows, { fault: 'ok', fate: 'delivered' } as Row])(
    '$fault: in bounded time, nothing unaccounted',
    async ({ fault, fate }) => {
      const collector = await collectorWith(fault);
      const { queue, told } = otlpQueue(collector.url);
      queue.add(spans(1000));
      await pause(50);
      queue.add(spans(48));
      expect(difference(queue.ledger)).toBe(0);

      const began = performance.now();
      await queue.shutdown(2000);
      const tookMs = performance.now() - began;

      const { ledger } = queue;
      expect(tookMs).toBeLessThan(2500);
      expect(difference(ledger)).toBe(0);
      expect(ledger).toMatchObject({ ended: 1048, queued: 0 });
      if (fate === 'delivered' && fault !== 'slow 3 s') expect(ledger.delivered).toBe(1048);
      expect(ledger.delivered).toBe(collector.spanIds.length);
      expect(failing(told)).toHaveLength(ledger.delivered === 1048 ? 0 : 1);
      await until(() => collector.sockets.size === 0, queue);
      figures.push(`${fault}: shutdown ${Math.round(tookMs)} ms, ${JSON.stringify(ledger)}`);
      if (fault !== 'refused') await collector.close();
    },
  );
});

test('a body without end is not read on', async () => {
  const collector = await collectorWith('huge body');
  const { queue } = otlpQueue(collector.url);
  queue.add(spans(1));
  await queue.flush(1000);
  expect(queue.ledger.delivered).toBe(1);
  await until(() => collector.pouredMb > 0, queue);
  expect(collector.pouredMb).toBeLessThan(30);
  await queue.shutdown(100);
  await collector.close();
});
