import http from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { resources } from '../../../src/admin/api/resources.js';
import { asking, ELSEWHERE, flagsOf, stopAsking, TOKEN } from '../../admin/live/asking.js';
import type { Answer } from '../../http/harness.js';
import { HostileJson, jsonText, PROTOTYPE_NAMES, polluted } from '../../support/hostile-json.js';
import { Mutator } from '../../support/mutator.js';
import { random } from '../../support/random.js';
import { cases, tried } from './budget.js';

afterEach(stopAsking);

/** Not seen by the process that makes them, as an operator's browser is another one. */
const agent = Object.assign(new http.Agent({ keepAlive: true, maxSockets: 8 }), {
  [Symbol.for('fourlights.ours')]: true,
});
const NAMES = [
  'action',
  'key',
  'variant',
  'minutes',
  'layer',
  'reason',
  'flag',
  'resourceSpans',
  'scopeSpans',
  'spans',
];
const VALUES = ['kill', 'lift', 'override', 'rearm', 'a', 'on', 'off', 'shed', 60, 'traceId'];
const WISH = { action: 'override', key: 'a', variant: 'on', minutes: 5, reason: 'because', layer: 'override' };
const PATHS = [
  '',
  'sign-in',
  'sign-out',
  'v1/traces',
  'verdict',
  'metrics',
  'page.js',
  ...Object.keys(resources).map((name) => `api/${name}`),
];
/** What takes a body. */
const TAKERS = ['api/flags', 'api/rollouts', 'v1/traces', 'sign-in', 'verdict'];
const QUERIES = ['since=1', 'id=%', 'status=5xx&route=get', 'level=warn&text=x', 'flag=a&hook=x', 'window=__proto__'];
const BEARER = `Bearer ${TOKEN}`;

const headerText = (mutator: Mutator): string =>
  Buffer.from(mutator.bytes().filter((byte) => byte > 31 && byte !== 127)).toString('latin1');
const pathText = (mutator: Mutator): string =>
  Buffer.from(mutator.bytes().filter((byte) => byte > 32 && byte < 127)).toString('latin1');

interface Try {
  readonly path: string;
  readonly options: http.RequestOptions;
  readonly body: string | Buffer;
}

/** One request of an operator's, or of somebody who would like to be one. */
class Tries {
  readonly #mutator: Mutator;
  readonly #paths: Mutator;
  readonly #cookies: Mutator;
  readonly #hostile = new HostileJson(random(47), NAMES, VALUES);

  constructor(session: string) {
    this.#mutator = new Mutator(53, [
      JSON.stringify(WISH),
      `token=${TOKEN}&name=x`,
      '{}',
      '\x0a\x02\x12\x00',
      gzipSync('{}'),
    ]);
    this.#paths = new Mutator(59, [...PATHS, ...QUERIES, ...PROTOTYPE_NAMES]);
    this.#cookies = new Mutator(61, [session, BEARER, session.slice(0, 40), `${session}; ${session}`]);
  }

  /** With the token: everything is looked at. */
  known(): Try {
    const at = this.#mutator;
    const path = at.below(4) === 0 ? pathText(this.#paths) : at.pick([...TAKERS, ...TAKERS, ...PATHS]);
    const query = at.below(2) === 0 ? '' : `?${at.below(2) === 0 ? at.pick(QUERIES) : pathText(this.#paths)}`;
    const type = at.pick([
      ...['application/json', 'application/json', 'application/json'],
      'application/x-protobuf',
      'application/x-www-form-urlencoded',
      headerText(at),
    ]);
    const encoding = at.below(4) === 0 ? { 'content-encoding': 'gzip' } : {};
    const headers = {
      authorization: BEARER,
      'x-fourlights-change': '1',
      'x-fourlights-name': headerText(at),
      'content-type': type,
      ...encoding,
    };
    const method = at.below(4) === 0 ? at.pick(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) : 'POST';
    const raw = at.below(2) === 0 ? at.bytes() : jsonText(this.#hostile.spoilt(WISH));
    const body = method === 'POST' ? ('content-encoding' in encoding && at.below(2) === 0 ? gzipSync(raw) : raw) : '';
    return { path: `/${path}${query}`, options: { method, headers }, body };
  }

  /** Without it: cookies and tokens that look like some. */
  stranger(): Try {
    const cookie = headerText(this.#cookies);
    const authorization = headerText(this.#cookies);
    const headers = this.#mutator.below(2) === 0 ? { cookie } : { authorization };
    return {
      path: `/${this.#mutator.pick(PATHS.filter((path) => path.startsWith('api/')))}`,
      options: { headers },
      body: '',
    };
  }
}

test('whoever asks the admin surface for whatever, it answers in bounded length and never with a fault of its own', async () => {
  const here = await asking(
    { admin: { token: TOKEN, otlp: true }, traces: {}, flags: { source: flagsOf('a', 'b', '__proto__x') } },
    ELSEWHERE,
  );
  const { ask, observed, port } = here;
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: `http://127.0.0.1:${port}` };
  const signedIn = await ask('/sign-in', { method: 'POST', headers: form }, `token=${TOKEN}&name=Ada`);
  const session = signedIn.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const tries = new Tries(session);
  /** A connection that was kept may end just as it is used again. */
  const send = ({ path, options, body }: Try): Promise<Answer> =>
    ask(path, { ...options, agent }, body as string).catch(() => ask(path, options, body as string));
  const statuses: Record<number, number> = {};
  const count = cases({ short: 3000, long: 60_000 });
  let left = count;

  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const known = left % 3 !== 0;
      const attempt = known ? tries.known() : tries.stranger();
      if (/^\/api\/log\b/.test(attempt.path)) continue; // goes on until somebody ends it
      const { status, body } = await send(attempt);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status >= 500 || body.length > 2_000_000)
        expect.fail(`${status}, ${body.length} characters: ${JSON.stringify(attempt)}`);
      const { headers } = attempt.options as { headers: http.OutgoingHttpHeaders };
      const isKnown = known || headers['cookie'] === session || headers['authorization'] === BEARER;
      if (!isKnown && status < 400 && !String(headers['cookie']).includes(session))
        expect.fail(`let in: ${JSON.stringify(attempt)}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));

  expect(observed.observability.drops()['admin']).toBeUndefined();
  expect(polluted()).toBe(false);
  expect(statuses[200]).toBeGreaterThan(count / 25);
  expect(statuses[401]).toBeGreaterThan(count / 10);
  for (const name of Object.keys(resources).filter((name) => name !== 'log')) {
    const { status, body } = await ask(`/api/${name}?id=x`, { headers: { authorization: BEARER } });
    expect([name, status === 404 ? 200 : status]).toEqual([name, 200]);
    JSON.parse(body);
  }
  tried('requests to the admin surface', 'no fault of its own; nobody without token or session is let in', count, {
    text: Object.entries(statuses)
      .map(([status, times]) => `${status}: ${times}`)
      .join(', '),
    goals: [1, 15],
  });
  agent.destroy();
});
