import http from 'node:http';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { goldenSignals } from '../../src/adapters/express.js';
import { listen, observing, request, stopAll } from '../http/harness.js';
import { type Express, flavours, type Handler } from './flavours.js';

afterEach(stopAll);

type Mount = readonly [pattern: unknown, path: string, template: string];

/** Patterns that only one syntax knows. Express 4 is read back from what it compiled, router 2.2 is asked. */
const four: readonly Mount[] = [
  ['/plain', '/PLAIN', '/plain'],
  ['/camelCase', '/camelcase', '/camelCase'],
  ['/dotted.name', '/dotted.name', '/dotted.name'],
  ['/ab?cd', '/acd', '/ab?cd'],
  ['/ab+cd', '/abbbbcd', '/ab+cd'],
  ['/ab*cd', '/ab123cd', '/ab*cd'],
  ['/a(bc)?d', '/ad', '/a(bc)?d'],
  ['/alt/(one|two)', '/alt/two', '/alt/(one|two)'],
  ['/digits/:id(\\d+)', '/digits/12', '/digits/:id(\\d+)'],
  ['/nested/:id((a|b)+)/:then', '/nested/ab/then', '/nested/:id((a|b))+/:then'],
  ['/repeated/:rest*', '/repeated/a/b', '/repeated/:rest*'],
  ['/files/:file.:ext', '/files/a.txt', '/files/:file.:ext'],
  ['/files/:file.:ext?', '/files/name', '/files/:file.:ext?'],
  ['/flights/:from-:to', '/flights/a-b', '/flights/:from-:to'],
  ['/star/*/end', '/star/a/b/end', '/star/*/end'],
  [['/first/:a', ['/second/:b(\\d+)', /^\/third\/\w+/]], '/first/1', '/first/:a'],
  [['/first/:a', ['/second/:b(\\d+)', /^\/third\/\w+/]], '/second/2', '/second/:b(\\d+)'],
  [['/first/:a', ['/second/:b(\\d+)', /^\/third\/\w+/]], '/third/x', '/^\\/third\\/\\w+/i'],
  [/^\/ends(?=\/|$)/, '/ends', '/^\\/ends(?=\\/|$)/'],
];

const five = (of22: { regexp?: string; camel?: string; optional?: string } = {}): readonly Mount[] => [
  ['/plain', '/PLAIN', '/plain'],
  ['/camelCase', '/camelcase', of22.camel ?? '/camelCase'],
  ['/dotted.name', '/dotted.name', '/dotted.name'],
  ['/files/:file.:ext', '/files/xx.yy', '/files/:file.:ext'],
  ['/flights/:from-:to', '/flights/x-y', '/flights/:from-:to'],
  ['/flights/:from-:to', '/flights/a-b-c', '/flights/:from-:to'],
  ['/same/:a/:b', '/same/same/same', '/same/:a/:b'],
  ['/encoded/:a/:b', '/encoded/%41%2Fx/%E2%82%AC', '/encoded/:a/:b'],
  ['/wild/*rest/end', '/wild/a/b/end', '/wild/*rest/end'],
  ['/part{-:b}/c', '/part/c', of22.optional ?? '/part{-:b}/c'],
  [['/first/:a', ['/second/:b']], '/first/1', '/first/:a'],
  [['/first/:a', ['/second/:b']], '/second/2', '/second/:b'],
  [['/first/:a', /^\/third\/\w+/], '/third/x', of22.regexp ?? '/^\\/third\\/\\w+/'],
  [/^\/ahead(?=\/leaf)/, '/ahead', of22.regexp ?? '/^\\/ahead(?=\\/leaf)/'],
  ['/long/:x', `/long/${'x'.repeat(300)}`, of22.regexp ?? '/long/:x'],
];

const mounts: Readonly<Record<string, readonly Mount[]>> = {
  'express 5.3': five(),
  'express 4.22': four,
  'express 5.1 with router 2.2': five({ regexp: '/(regexp)', camel: '/camelcase', optional: '/part/c' }),
};

const ok: Handler = (_request, response) => response.end();

describe.each(flavours)('$name', ({ name, load }) => {
  let express: Express;
  beforeAll(async () => {
    express = await load();
  });

  test('a middleware below a mount names the whole route from the second request of a process on, and never a value', async () => {
    const observed = observing({ http: { auto: false } });
    const app = express();
    const router = express.Router();
    router.use(goldenSignals());
    router.get('/items/:item', ok);
    app.use('/tenants/:tenant', router);
    const port = await listen(http.createServer(app));

    for (const tenant of ['a', 'b', 'c']) await request(port, `/tenants/${tenant}/items/1`);
    await request(port, '/tenants/a/nothing');
    await request(port, '/outside');

    const whole = '/tenants/:tenant/items/:item';
    expect((await observed.recorded(4)).map(({ route }) => route)).toEqual(['_unmatched', whole, whole, '_unmatched']);
    expect(observed.observability.signals.snapshot().traffic.inFlight).toBe(0);
  });

  test.each(mounts[name] ?? [])('a mount at %s, reached by %s, is %s', async (pattern, path, template) => {
    const observed = observing();
    const app = express();
    const router = express.Router();
    router.get('/leaf/:x', ok);
    app.use(pattern, router);
    const port = await listen(http.createServer(app));

    await request(port, `${path}/leaf/1`);
    await request(port, `${path}/leaf/2`);

    const route = `${template}/leaf/:x`;
    expect((await observed.recorded(2)).map(({ route, status }) => ({ route, status }))).toEqual([
      { route, status: 200 },
      { route, status: 200 },
    ]);
  });
});
