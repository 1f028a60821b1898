import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { goldenSignals } from '../../src/adapters/express.js';
import type { AlertState, RolloutState } from '../../src/admin/api/sources.js';
import { Surface } from '../../src/admin/surface.js';
import type { AlertRule } from '../../src/alerts/rule.js';
import type { ObserveOptions } from '../../src/config/options.js';
import { systemClock } from '../../src/core/clock.js';
import type { Handler } from '../adapters/flavours.js';
import { elsewhere, expressApp, flagsOf, stopAsking } from '../admin/live/asking.js';
import { listen, observing, request } from '../http/harness.js';
import { alertState } from '../support/alert-state.js';
import { browserPath, openBrowser, watchPage } from './browser.js';

if (browserPath === undefined) console.log('test/real/page: not run, as chromium (Debian: chromium) is not installed');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const VIEWS = [
  '',
  'routes',
  'requests',
  'dependencies',
  'saturation',
  'flags',
  'rollouts',
  'alerts',
  'log',
  'configuration',
  'health',
];

/** A shop whose orders fail, and its admin port. */
async function shop(options: ObserveOptions = {}) {
  const { observability, recorded } = observing({
    service: 'checkout',
    version: '2.4.1',
    traces: {},
    flags: { source: flagsOf('new_checkout') },
    admin: { port: 0 },
    ...options,
  });
  const { log, flags, span } = observability;
  const app = await expressApp();
  app.use(goldenSignals());
  const cart: Handler = ({ params }, response) =>
    response.json(flags.boolean('new_checkout', false, { targetingKey: params['user'] }));
  const order: Handler = async (_incoming, response) => {
    await span('charge the card', async () => log.error({ card: 'declined' }, 'charge_failed'));
    response.writeHead(503).end();
  };
  const report: Handler = (_incoming, response) => void setTimeout(() => response.json([]), 50);
  app.get('/carts/:user', cart);
  app.get('/orders/:id', order);
  app.get('/reports/:id', report);
  const port = await listen(http.createServer(app));
  const get = (path: string) => request(port, path, { agent: elsewhere });
  return { observability, recorded, get, admin: (await observability.admin.port) ?? 0 };
}

describe.skipIf(browserPath === undefined)('the page in a real browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  afterEach(stopAsking);

  const opened = async (
    port: number,
    hash = '',
    options: Parameters<Browser['newPage']>[0] = {},
  ): Promise<{ page: Page; wrong: string[] }> => {
    const page = await browser.newPage(options);
    const wrong = watchPage(page, port);
    await page.goto(`http://127.0.0.1:${port}/${hash}`);
    await page.waitForSelector('main');
    return { page, wrong };
  };

  test('from the first screen a failed request is one click away, its waterfall and its log lines in one view', async () => {
    const { get, recorded, admin } = await shop();
    for (let i = 0; i < 25; i++) await get(`/carts/${i}`);
    await get('/orders/7');
    await recorded(26);
    const { page, wrong } = await opened(admin);
    await page.getByRole('link', { name: 'GET /orders/:id' }).first().click();
    await page.getByRole('heading', { name: 'Waterfall' }).waitFor();
    expect(await page.locator('.waterfall .what b').allTextContents()).toEqual(['GET /orders/:id', 'charge the card']);
    expect(await page.locator('.lines .said b').allTextContents()).toEqual(['charge_failed', 'http_request']);
    await page.getByRole('button', { name: /charge the card/ }).click();
    expect(await page.locator('.details dt').allTextContents()).toContain('span ID');
    const link = page.url();
    const again = await opened(admin, new URL(link).hash);
    expect(await again.page.locator('.details dt').count()).toBeGreaterThan(0);
    expect([...wrong, ...again.wrong]).toEqual([]);
  });

  test('a flag is killed after a question, and the next request is another', async () => {
    const { get, admin } = await shop();
    expect((await get('/carts/ada')).body).toBe('true');
    const { page, wrong } = await opened(admin, '#/flags');
    await page.getByRole('button', { name: 'Kill' }).click();
    expect((await get('/carts/ada')).body).toBe('true');
    await page.getByLabel(/Why/).fill('too slow');
    await page.getByRole('dialog').getByRole('button', { name: 'Kill' }).click();
    await page.getByText('killed').first().waitFor();
    expect((await get('/carts/ada')).body).toBe('false');
    await page.getByRole('button', { name: 'Bring back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
    await page.getByText('by its rule').waitFor();
    expect((await get('/carts/ada')).body).toBe('true');
    expect(wrong).toEqual([]);
  });

  test('requests that fail turn their light red, with the rule and its action; when they no longer fail it goes back', async () => {
    const { observability, get, admin } = await shop({ alerts: { defaults: false, rules: [ordersFail] } });
    const { page, wrong } = await opened(admin);
    const light = page.getByRole('region', { name: /^errors/ });
    await until(light.getByText('Take the last release back.').waitFor(OF_THE_ENGINE), () => get('/orders/7'));
    expect(await light.getAttribute('aria-label')).toBe('errors: act');
    expect(await page.title()).toContain('✕');
    // The failed ones leave the window of a minute, and the alert resolves before the light can be green.
    await until(page.getByRole('region', { name: 'errors: good' }).waitFor(OF_THE_ENGINE), () => get('/carts/ada'));
    expect(observability.alerts.states().find(({ name }) => name === 'OrdersFail')?.state ?? 'resolved').toBe(
      'resolved',
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    [1280, 'dark'],
    [1280, 'light'],
    [390, 'dark'],
    [390, 'light'],
  ] as const)(
    'at %i px in %s no view is wider than the screen, and axe finds nothing serious',
    async (width, colorScheme) => {
      const { observability, get, recorded, admin } = await shop();
      for (let i = 0; i < 25; i++) await get(`/carts/${i}`);
      await get('/orders/7');
      await recorded(26);
      const { port } = await stage(observability, [{ ...firing, flapping: true }]);
      const { page } = await opened(port, '', { viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      const [kept] = observability.traces.kept();
      const found: string[] = [];
      const staged = VIEWS.map((view) => [port, view] as const);
      for (const [at, view] of [
        ...staged,
        [admin, 'requests'] as const,
        [admin, `request/${kept?.traceId}`] as const,
      ]) {
        await page.goto(`http://127.0.0.1:${at}/#/${view}`);
        await page.waitForTimeout(400); // what the view asks for is there
        await page.evaluate(axe);
        const violations: { id: string; impact: string; nodes: { html: string }[] }[] = await page.evaluate(
          'axe.run().then(({ violations }) => violations)',
        );
        for (const { id, impact, nodes } of violations) {
          if (impact === 'serious' || impact === 'critical') found.push(`${view}: ${id}: ${nodes[0]?.html}`);
        }
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (Number(over) > 0) found.push(`${view}: ${over} px too wide`);
      }
      expect(found).toEqual([]);
      await page.close();
    },
  );

  test('with 1000 kept traces, failed, slow and others, it paints soon', async () => {
    const { get, recorded, admin } = await shop({ traces: { ratio: 1, keep: { slowerThan: 40 } } });
    const send = async (path: string, count: number) => {
      for (let sent = 0; sent < count; sent += 20) await Promise.all(Array.from({ length: 20 }, () => get(path)));
    };
    await send('/orders/7', 500);
    await send('/reports/7', 300);
    await send('/carts/7', 240);
    await recorded(1040);
    const { page, wrong } = await opened(admin, '#/requests');
    await page.waitForSelector('tbody tr');
    const paint = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
    const heading = await page.locator('main').textContent();
    const [, kept = ''] = /of (\d+) kept/.exec(heading ?? '') ?? [];
    console.log(`${kept} kept traces: first paint after ${Number(paint).toFixed(0)} ms`);
    expect(Number(kept)).toBe(1000);
    expect(wrong).toEqual([]);
  });

  test('a token is asked for, and what is typed in the form opens the page', async () => {
    const { admin } = await shop({ admin: { port: 0, token: 'sixteen characters' } });
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${admin}/`);
    await page.getByLabel('Token').fill('sixteen characters');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'latency' }).waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  test('200 payloads in routes, headers, log fields, flag keys and span names create no element', async () => {
    const payloads = Array.from(
      { length: 200 },
      (_, i) => PAYLOADS[i % PAYLOADS.length]?.replaceAll('#', String(i)) ?? '',
    );
    const { observability, recorded } = observing({
      traces: {},
      admin: { port: 0 },
      flags: { source: flagsOf(...payloads.slice(0, 100)) },
      http: { route: ({ headers }) => decodeURIComponent(String(headers['x-payload'])) },
    });
    const { log, flags, span } = observability;
    const server = http.createServer(async ({ headers }, response) => {
      const payload = decodeURIComponent(String(headers['x-payload']));
      await span(payload, { attributes: { [payload]: payload } }, async () =>
        log.error({ [payload]: payload, err: new Error(payload) }, payload),
      );
      flags.boolean(payload, false);
      response.writeHead(500).end();
    });
    const port = await listen(server);
    for (const payload of payloads) {
      const plain = payload.replace(/[^ -~]/g, '');
      await request(port, `/${encodeURIComponent(payload)}`, {
        agent: elsewhere,
        headers: { 'x-payload': encodeURIComponent(payload), 'user-agent': plain, 'x-correlation-id': plain },
      });
    }
    await recorded(200);
    const { page, wrong } = await opened((await observability.admin.port) ?? 0);
    const traces = observability.traces.kept().slice(0, 20);
    for (const view of [
      ...VIEWS,
      ...traces.map(({ traceId }) => `request/${traceId}`),
      `flags/${encodeURIComponent(payloads[0] ?? '')}`,
      `%3Cimg src=x onerror=hit()%3E`,
    ]) {
      await page.goto(`http://127.0.0.1:${await observability.admin.port}/#/${view}`);
      await page.waitForTimeout(view.startsWith('request/') ? 60 : 400); // what the view asks for is there
      const made = await page.evaluate(
        'document.querySelectorAll(\'img, iframe, object, embed, base, marquee, [onerror], [onload], [data-hit], script:not([src="page.js"]), a[href^="javascript"]\').length + (globalThis.hit === undefined ? 0 : 1)',
      );
      expect([view, made]).toEqual([view, 0]);
    }
    expect(await page.locator('body').textContent()).toContain('fourlights');
    expect(wrong).toEqual([]);
  });
});

const PAYLOADS = [
  '<img src=x onerror="globalThis.hit=#">',
  '<script>globalThis.hit=#</script>',
  '"><svg onload=globalThis.hit=# data-hit>',
  "'-globalThis.hit=#-'",
  'javascript:globalThis.hit=#',
  '</title></style></textarea><iframe srcdoc="<script>parent.hit=#</script>">',
  '{{constructor.constructor("globalThis.hit=#")()}}',
  '<base href="https://evil.example/#">',
  '__proto__#',
  '\u202e<marquee data-hit>#',
];

const rollout: RolloutState = {
  flag: 'new_checkout',
  variant: 'on',
  status: 'rolled_back',
  stages: [1, 5, 25, 50, 100],
  stage: 1,
  sinceMs: 1_790_000_000_000,
  reason: 'errors of on are more than 1.5 times those of off',
  evidence: [
    {
      metric: 'errors',
      curve: [
        [1_790_000_000_000, 0],
        [1_790_000_010_000, 2.1],
        [1_790_000_020_000, 4.9],
      ],
      rollbackAt: 4.6,
    },
    {
      metric: 'latency',
      curve: [
        [1_790_000_000_000, 0],
        [1_790_000_020_000, -0.4],
      ],
      rollbackAt: 4.6,
    },
  ],
};

/** Quick, so that a test can wait for it; the engine looks every ten seconds. */
const ordersFail: AlertRule = {
  name: 'OrdersFail',
  severity: 'critical',
  signal: 'errors.ratio',
  action: 'Take the last release back.',
  fireAbove: 0.2,
  resolveBelow: 0.1,
  window: '20s',
  for: '0s',
  keepFiringFor: '0s',
  minSamples: 20,
};
const OF_THE_ENGINE = { timeout: 90_000 };

/** Goes on with the work, ten times a second, until the other has come. */
async function until(come: Promise<unknown>, work: () => Promise<unknown>): Promise<void> {
  const over = come.then(() => true);
  while (!(await Promise.race([over, delay(100, false)]))) await work();
}

const firing = alertState({ sinceMs: 3000, value: 0.2 });

/** The surface with alerts and rollouts beside what is really observed. */
async function stage(
  o: ReturnType<typeof observing>['observability'],
  alerts: readonly AlertState[],
): Promise<{ port: number }> {
  const surface = new Surface(
    {
      clock: systemClock,
      who: { service: 'checkout', version: '2.4.1', environment: 'test' },
      instance: 'host:1',
      snapshot: () => o.signals.snapshot(),
      kept: undefined,
      ledger: () => o.traces.ledger(),
      flags: o.flags,
      drops: o.drops,
      lines: () => ({ written: 0, dropped: 0, pending: 0 }),
      configuration: () => ({ service: 'checkout' }),
      tell: () => {},
      alertStates: () => alerts,
      rollouts: { standings: () => [rollout], states: () => [rollout], rearm: () => false },
    },
    { access: {}, otlp: false, routes: () => ({}) },
  );
  surface.start();
  const server = http.createServer((incoming, response) => void surface.handler(incoming, response));
  Object.assign(server, { [Symbol.for('fourlights.unobserved')]: true });
  server.on('close', () => surface.stop());
  return { port: await listen(server) };
}
