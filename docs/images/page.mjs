// Makes docs/images/page.png: a shop whose new checkout fails, under traffic, and its status page in Debian's chromium.
// npm run build && node docs/images/page.mjs
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { dependency, flagSources, flags, lifecycle, log, observe, shutdown, span } from 'fourlights';
import { goldenSignals } from 'fourlights/express';
import { chromium } from 'playwright-core';

const SECONDS = Number(process.argv[2] ?? 90);
const new_checkout = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', rollout: 25 };

const { admin } = observe({
  service: 'checkout',
  version: '2.4.1',
  environment: 'production',
  log: { destination: '/dev/null' },
  traces: {},
  flags: { source: flagSources.memory({ flags: { new_checkout } }) },
  admin: { port: 0 },
  // Not the pressure of the whole machine: it does other things while the picture is made.
  saturation: {
    probes: ['cpu', 'heap', 'memory', 'event-loop-utilization', 'gc', 'file-descriptors'],
  },
});
const postgres = dependency('postgres', { system: 'postgresql' });
const some = (ms) => pause(ms * (0.5 + Math.random()));

const app = express();
app.use(goldenSignals());
app.get('/carts/:user', async (req, res) => {
  await postgres.time('select_cart', () => some(4));
  res.json({ user: req.params.user });
});
app.post('/orders', async (_req, res) => {
  const isNew = flags.boolean('new_checkout', false, { targetingKey: String(Math.floor(Math.random() * 500)) });
  await span('charge_card', () => some(Math.random() < 0.03 ? 400 : 30));
  await postgres.time('insert_order', () => some(8));
  if (isNew && Math.random() < 0.8) {
    log.error({ provider: 'acme' }, 'card_declined');
    return res.status(502).end();
  }
  res.status(201).end();
});
app.get('/search', async (_req, res) => {
  await some(20);
  res.json([]);
});
const server = await new Promise((resolve) => {
  const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
});
lifecycle.check('postgres', () => true);
const url = `http://127.0.0.1:${server.address().port}`;

async function visitor(until) {
  while (performance.now() < until) {
    const kind = Math.random();
    if (kind < 0.4) await fetch(`${url}/carts/u${Math.floor(Math.random() * 500)}`);
    else if (kind < 0.6) await fetch(`${url}/search?q=tea`);
    else await fetch(`${url}/orders`, { method: 'POST' });
    await some(60);
  }
}
const until = performance.now() + SECONDS * 1000;
const visitors = Array.from({ length: 6 }, () => visitor(until));
await pause(SECONDS * 1000 - 3000);

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: 'dark' });
await page.goto(`http://127.0.0.1:${await admin.port}/`);
await page.waitForSelector('main');
await pause(2500);
await page.screenshot({ path: fileURLToPath(new URL('page.png', import.meta.url)) });
await browser.close();
await Promise.all(visitors);
server.close();
await shutdown();
process.exit();
