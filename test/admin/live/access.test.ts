import { afterEach, describe, expect, test } from 'vitest';
import { resources } from '../../../src/admin/api/resources.js';
import { asking, ELSEWHERE, flagsOf, stopAsking, TOKEN } from './asking.js';

afterEach(stopAsking);

const paths = [
  '/',
  '/page.js',
  '/page.css',
  '/metrics',
  '/nothing',
  ...Object.keys(resources).map((name) => `/api/${name}`),
];
const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };

describe('from another machine', () => {
  test('without a token being set there is nothing but the probes', async () => {
    const { ask, change } = await asking({ flags: { source: flagsOf('a') } }, ELSEWHERE);
    for (const path of [...paths, '/sign-in', '/sign-out', '/v1/traces'])
      expect([path, (await ask(path)).status]).toEqual([path, 404]);
    for (const path of ['/livez', '/readyz']) expect((await ask(path)).status).toBe(200);
    expect((await change('flags', { action: 'kill', key: 'a' })).status).toBe(404);
  });

  test('with one, whoever does not bring it gets a 401 for all but the probes', async () => {
    const { ask, change } = await asking({ admin: { token: TOKEN }, flags: { source: flagsOf('a') } }, ELSEWHERE);
    for (const path of paths) {
      expect([path, (await ask(path)).status]).toEqual([path, 401]);
      const wrong = await ask(path, { headers: { authorization: 'Bearer a-token-of-at-least-17' } });
      expect([path, wrong.status]).toEqual([path, 401]);
    }
    expect((await change('flags', { action: 'kill', key: 'a' })).status).toBe(401);
    expect((await ask('/api/snapshot', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  });

  test('a name of this machine that leads to another is not this machine', async () => {
    const { ask } = await asking();
    expect((await ask('/api/snapshot')).status).toBe(200);
    expect((await ask('/api/snapshot', { headers: { host: 'rebound.example' } })).status).toBe(404);
    expect((await ask('/api/snapshot', { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(404);
  });
});

describe('signing in', () => {
  const signIn = async (token: string, name = '') => {
    const here = await asking({ admin: { token: TOKEN }, flags: { source: flagsOf('a') } }, ELSEWHERE);
    const origin = `http://127.0.0.1:${here.port}`;
    const answer = await here.ask(
      '/sign-in',
      { ...form, headers: { ...form.headers, origin } },
      new URLSearchParams({ token, name }).toString(),
    );
    const cookie = answer.headers['set-cookie']?.[0] ?? '';
    return { ...here, answer, cookie, session: cookie.split(';')[0] ?? '' };
  };

  test('a browser is shown the form, under a policy without scripts', async () => {
    const { ask } = await asking({ admin: { token: TOKEN } }, ELSEWHERE);
    const { status, headers, body } = await ask('/', { headers: { accept: 'text/html,*/*' } });
    expect(status).toBe(401);
    expect(body).toContain('<form method="post" action="sign-in">');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).not.toContain('script');
  });

  test('the token gives a cookie that no script and no other site can use, and that is not the token', async () => {
    const { answer, cookie, session, ask } = await signIn(TOKEN, 'Ada <b>');
    expect([answer.status, answer.headers.location]).toEqual([303, './']);
    expect(cookie).toMatch(/; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(TOKEN);
    expect((await ask('/api/snapshot', { headers: { cookie: session } })).status).toBe(200);
    const forged = session.slice(0, -1) + (session.endsWith('A') ? 'E' : 'A');
    expect((await ask('/api/snapshot', { headers: { cookie: forged } })).status).toBe(401);
    expect((await ask('/api/snapshot', { headers: { cookie: `${session}x` } })).status).toBe(401);
  });

  test('who has signed in changes a flag under their name, and the log says who and from where', async () => {
    const { session, change, observed } = await signIn(TOKEN, 'Ada <b>');
    expect((await change('flags', { action: 'kill', key: 'a', reason: 'too slow' }, { cookie: session })).status).toBe(
      200,
    );
    expect(observed.observability.flags.boolean('a', false)).toBe(false);
    expect(observed.lines().find(({ event }) => event === 'admin_flag_changed')).toMatchObject({
      flag_key: 'a',
      action: 'kill',
      reason: 'too slow',
      admin_name: 'Ada b',
      admin_by: 'session',
      client_address: ELSEWHERE,
    });
  });

  test('a wrong token is a 401; after five of them nothing is looked at for a minute, not even the right one', async () => {
    const { answer, cookie, ask } = await signIn('wrong');
    expect([answer.status, cookie]).toEqual([401, '']);
    for (let tries = 1; tries < 5; tries++) expect((await ask('/sign-in', form, 'token=wrong')).status).toBe(401);
    const late = await ask('/sign-in', form, `token=${TOKEN}`);
    expect(late.status).toBe(429);
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(50);
    expect((await ask('/api/snapshot', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
  });

  test('a form that another site has sent is refused, whatever it says', async () => {
    const { ask } = await asking({ admin: { token: TOKEN } }, ELSEWHERE);
    const headers = { ...form.headers, origin: 'https://evil.example' };
    expect((await ask('/sign-in', { ...form, headers }, `token=${TOKEN}`)).status).toBe(403);
  });

  test('signing out takes the cookie back', async () => {
    const { ask, session } = await signIn(TOKEN);
    const { status, headers } = await ask('/sign-out', { method: 'POST', headers: { cookie: session } });
    expect([status, headers['set-cookie']?.[0]]).toEqual([303, expect.stringContaining('Max-Age=0')]);
  });
});

describe('a change', () => {
  const kill = { action: 'kill', key: 'a' };
  const refused: [string, Record<string, string | undefined>][] = [
    ['of another site', { origin: 'https://evil.example' }],
    ['of another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['of a sandboxed frame', { origin: 'null' }],
    ['that a browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['that a browser calls same-site', { 'sec-fetch-site': 'same-site' }],
    ['without the header that a form cannot send', { 'x-fourlights-change': undefined }],
    ['without an origin', { origin: undefined }],
  ];

  test.each(refused)('%s is refused on this machine, and nothing happens', async (_name, wrong) => {
    const { change, observed, port, ask } = await asking({ flags: { source: flagsOf('a') } });
    const headers = Object.fromEntries(
      Object.entries({
        'content-type': 'application/json',
        'x-fourlights-change': '1',
        origin: `http://127.0.0.1:${port}`,
        ...wrong,
      }).filter(([, value]) => value !== undefined),
    );
    expect((await ask('/api/flags', { method: 'POST', headers }, JSON.stringify(kill))).status).toBe(403);
    expect(observed.observability.flags.boolean('a', false)).toBe(true);
    expect((await change('flags', kill)).status).toBe(200);
    expect(observed.observability.flags.boolean('a', true)).toBe(false);
  });

  test('with the token in a header needs no origin, but not another site’s', async () => {
    const { change, ask } = await asking({ admin: { token: TOKEN }, flags: { source: flagsOf('a') } }, ELSEWHERE);
    const authorization = `Bearer ${TOKEN}`;
    const headers = { authorization, 'content-type': 'application/json', 'x-fourlights-change': '1' };
    expect((await ask('/api/flags', { method: 'POST', headers }, JSON.stringify(kill))).status).toBe(200);
    expect((await change('flags', kill, { authorization, origin: 'https://evil.example' })).status).toBe(403);
  });

  test('that is no JSON object is refused with a reason', async () => {
    const { ask, change, port } = await asking({ flags: { source: flagsOf('a') } });
    const headers = { 'x-fourlights-change': '1', origin: `http://127.0.0.1:${port}` };
    const text = { method: 'POST', headers: { ...headers, 'content-type': 'text/plain' } };
    expect((await ask('/api/flags', text, JSON.stringify(kill))).status).toBe(415);
    const json = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' } };
    expect((await ask('/api/flags', json, '{"action":')).status).toBe(400);
    expect((await ask('/api/flags', json, '[1]')).status).toBe(400);
    expect((await ask('/api/flags', json, ' '.repeat(20_000))).status).toBe(413);
    expect((await change('flags', { action: 'toString', key: 'a' })).status).toBe(400);
    expect((await change('flags', { action: 'kill', key: 'unheard_of' })).status).toBe(404);
    expect((await change('snapshot', {})).status).toBe(405);
    expect((await ask('/api/snapshot', { method: 'DELETE' })).status).toBe(405);
  });
});

test('a function decides in the place of token and address; one that throws lets nobody in', async () => {
  const { ask } = await asking(
    { admin: { token: TOKEN, authorize: ({ headers }) => headers['x-team'] === 'ops' } },
    ELSEWHERE,
  );
  expect((await ask('/api/snapshot')).status).toBe(404);
  expect((await ask('/api/snapshot', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(404);
  expect((await ask('/api/snapshot', { headers: { 'x-team': 'ops' } })).status).toBe(200);
  await stopAsking();
  const broken = await asking({
    admin: {
      authorize: () => {
        throw new Error('down');
      },
    },
  });
  expect((await broken.ask('/api/snapshot')).status).toBe(404);
});
