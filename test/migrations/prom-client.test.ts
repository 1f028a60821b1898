import { describe, expect, test } from 'vitest';
import { type App, start } from './app.js';

const REQUESTS = [
  ['GET', '/carts/ada'],
  ['GET', '/carts/bob'],
  ['POST', '/orders/pro'],
  ['POST', '/orders/free'],
  ['POST', '/orders/pro'],
  ['GET', '/broken'],
  ['GET', '/no/such/path'],
] as const;

interface Names {
  readonly duration: string;
  readonly labels: readonly [method: string, route: string, status: string];
  readonly unmatched: string;
}

const THEIRS: Names = {
  duration: 'http_request_duration_seconds',
  labels: ['method', 'path', 'status_code'],
  unmatched: 'unknown',
};
const OURS: Names = {
  duration: 'http_server_request_duration_seconds',
  labels: ['http_request_method', 'http_route', 'http_response_status_code'],
  unmatched: '_unmatched',
};

async function scraped(file: string): Promise<string> {
  const app: App = await start(file);
  for (const [method, path] of REQUESTS) await (await app.get(path, { method })).text();
  return (await app.get('/metrics')).text();
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function samples(text: string, name: string): Sample[] {
  return [...text.matchAll(new RegExp(`^${name}(?:\\{(.*?)\\})? (\\S+)`, 'gm'))].map(([, labels = '', value]) => ({
    labels: Object.fromEntries([...labels.matchAll(/(\w+)="(.*?)"/g)].map(([, key, text]) => [key, text])),
    value: Number(value),
  }));
}

/** Requests by method, route and status, under the same names for both. */
function counts(text: string, { duration, labels, unmatched }: Names): Record<string, number> {
  const keyOf = (sample: Sample): string =>
    labels.map((label) => sample.labels[label]?.replace(unmatched, 'none')).join(' ');
  const all = samples(text, `${duration}_count`).map((sample) => [keyOf(sample), sample.value]);
  return Object.fromEntries(all.sort());
}

const orders = (text: string): Record<string, number> =>
  Object.fromEntries(
    samples(text, 'orders_placed_total')
      .map(({ labels, value }) => [labels['plan'], value])
      .sort(),
  );

const edges = (text: string, { duration }: Names): string[] => [
  ...new Set(samples(text, `${duration}_bucket`).map(({ labels }) => labels['le'] ?? '')),
];

const EXPECTED = {
  'GET /broken 500': 1,
  'GET /carts/:user 200': 2,
  'GET none 404': 1,
  'POST /orders/:plan 201': 3,
};

describe('from prom-client and express-prom-bundle', () => {
  test('the same requests and orders are counted before and after, under mapped names', async () => {
    const before = await scraped('prom-client/before.mjs');
    const after = await scraped('prom-client/after.mjs');
    expect(counts(before, THEIRS)).toEqual(EXPECTED);
    expect(counts(after, OURS)).toEqual(EXPECTED);
    expect(orders(before)).toEqual({ free: 1, pro: 2 });
    expect(orders(after)).toEqual(orders(before));
    expect(edges(after, OURS)).toEqual(expect.arrayContaining(edges(before, THEIRS)));
  });

  test('side by side, one text has both, with the same counts', async () => {
    const beside = await scraped('prom-client/beside.mjs');
    expect(counts(beside, THEIRS)).toEqual(EXPECTED);
    expect(counts(beside, OURS)).toEqual(EXPECTED);
    expect(orders(beside)).toEqual({ free: 1, pro: 2 });
  });
});
