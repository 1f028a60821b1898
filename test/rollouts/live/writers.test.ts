import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { diagnostics } from '../../../src/core/diagnostics.js';
import type { RolloutEvent } from '../../../src/rollouts/guard-event.js';
import { Delivery } from '../../../src/rollouts/writers/delivery.js';
import { flagdFile } from '../../../src/rollouts/writers/flagd-file.js';
import { unleash } from '../../../src/rollouts/writers/unleash.js';
import { webhook } from '../../../src/rollouts/writers/webhook.js';
import type { Writer } from '../../../src/rollouts/writers/writer.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { listen, stopAll } from '../../http/harness.js';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  diagnostics.speakThrough(({ message }) => said.push(message));
});
afterEach(async () => {
  diagnostics.speakThrough(undefined);
  await stopAll();
});

const event = (more: Partial<RolloutEvent> = {}): RolloutEvent => ({
  event: 'rollout_rolled_back',
  flag: 'new checkout',
  from: 5,
  to: 0,
  reason: 'errors',
  evidence: undefined,
  severity: 'critical',
  by: 'this process',
  version: '',
  at: 1,
  ...more,
});

/** Answers with these, one after the other, the last for good; keeps what it was asked. */
async function receiver(...statuses: number[]) {
  const asked: { url: string | undefined; token: string | undefined; body: unknown }[] = [];
  const port = await listen(
    createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        asked.push({ url: request.url, token: request.headers.authorization, body: JSON.parse(text) });
        response.writeHead(statuses.length > 1 ? (statuses.shift() ?? 200) : (statuses[0] ?? 200)).end();
      });
    }),
  );
  return { url: `http://127.0.0.1:${port}`, asked };
}

describe('a webhook', () => {
  test('is posted every step, in order, once it answers again', async () => {
    const { url, asked } = await receiver(500, 200);
    const clock = manualClock();
    const delivery = new Delivery(
      webhook({ url: `${url}/hook?key=secret`, headers: { authorization: 'Bearer x' } }),
      clock,
    );
    delivery.add(event({ event: 'rollout_started' }));
    delivery.add(event());
    await expect.poll(() => asked.length).toBe(1);
    await expect
      .poll(() => {
        clock.advance(500);
        return asked.length;
      })
      .toBe(3);
    await delivery.flush();
    expect(asked.map(({ body }) => (body as RolloutEvent).event)).toEqual([
      'rollout_started',
      'rollout_started',
      'rollout_rolled_back',
    ]);
    expect(asked[0]).toMatchObject({ url: '/hook?key=secret', token: 'Bearer x' });
    await delivery.stop();
  });

  test('that never answers well is given up after a few attempts, and that is said without its secrets', async () => {
    const { url, asked } = await receiver(503);
    const clock = manualClock();
    const delivery = new Delivery(webhook({ url: `${url}/hook?key=secret` }), clock);
    delivery.add(event());
    await expect
      .poll(
        () => {
          clock.advance(500);
          return said.length;
        },
        { timeout: 10_000 },
      )
      .toBe(1);
    expect(asked.length).toBe(5);
    expect(said[0]).toContain('rollout_rolled_back of flag "new checkout"');
    expect(said[0]).not.toContain('secret');
  });

  test('is not posted what another process has decided', async () => {
    const { url, asked } = await receiver(200);
    const delivery = new Delivery(webhook({ url }), systemClock);
    delivery.add(event({ by: 'fleet' }));
    delivery.add(event({ by: 'a person', event: 'rollout_rearmed' }));
    await delivery.flush();
    expect(asked.map(({ body }) => (body as RolloutEvent).by)).toEqual(['a person']);
  });

  test('without an address is refused', () => {
    expect(() => webhook({ url: 'hooks' })).toThrow(/must be an address/);
  });
});

describe('delivery', () => {
  test('keeps a hundred at most, and stops at once', async () => {
    let begun = 0;
    const stuck: Writer = {
      name: 'stuck',
      wants: () => true,
      write: (_event, signal) => {
        begun++;
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    };
    const delivery = new Delivery(stuck, manualClock());
    const before = diagnostics.drops()['rollouts']?.['queue_full'] ?? 0;
    for (let i = 0; i < 105; i++) delivery.add(event());
    expect((diagnostics.drops()['rollouts']?.['queue_full'] ?? 0) - before).toBe(4);
    expect(begun).toBe(1);
    await delivery.stop();
    delivery.add(event());
    expect(begun).toBe(1);
  });
});

describe('Unleash', () => {
  test('is asked to switch off what was taken back, and nothing else', async () => {
    const { url, asked } = await receiver(200);
    const writer = unleash({ url: `${url}/`, token: 'admin-token', project: 'shop', environment: 'production' });
    const delivery = new Delivery(writer, systemClock);
    for (const step of ['rollout_started', 'rollout_advanced', 'rollout_rearmed', 'rollout_done'] as const) {
      delivery.add(event({ event: step }));
    }
    delivery.add(event());
    await delivery.flush();
    expect(asked).toEqual([
      {
        url: '/api/admin/projects/shop/features/new%20checkout/environments/production/off',
        token: 'admin-token',
        body: {},
      },
    ]);
  });
});

describe('a flagd file', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fourlights-writer-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const signal = new AbortController().signal;

  test('has the flag disabled, as a whole, with its permissions, and all else in it stays', async () => {
    const path = join(folder, 'flags.json');
    const flags = { 'new checkout': { state: 'ENABLED', variants: { on: true } }, other: { rollout: 5 } };
    writeFileSync(path, JSON.stringify({ $schema: 'x', flags }, null, 4));
    chmodSync(path, 0o640);
    await flagdFile({ path }).write(event(), signal);
    const text = readFileSync(path, 'utf8');
    expect(JSON.parse(text)).toEqual({
      $schema: 'x',
      flags: { ...flags, 'new checkout': { state: 'DISABLED', variants: { on: true } } },
    });
    expect(text).toContain('\n    "flags"');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    const { mtimeMs } = statSync(path);
    await flagdFile({ path }).write(event(), signal);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(folder)).toEqual(['flags.json']);
  });

  test.each([
    ['without the flag', '{"flags":{"other":{}}}', /has no flag "new checkout"/],
    ['that is none', '[]', /has no flag/],
    ['that is no JSON', '{', /JSON/],
  ])('%s is not touched', async (_name, text, message) => {
    const path = join(folder, 'flags.json');
    writeFileSync(path, text);
    await expect(flagdFile({ path }).write(event(), signal)).rejects.toThrow(message);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
