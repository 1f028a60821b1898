import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  init,
  type LDClient,
  type LDFeatureStore,
  type LDFeatureStoreItem,
  type LDOptions,
} from '@launchdarkly/node-server-sdk';
import { TestData } from '@launchdarkly/node-server-sdk/integrations';
import { afterEach, describe, expect, test } from 'vitest';
import { launchDarkly } from '../../src/adapters/launchdarkly.js';
import { Context, store } from '../../src/context/store.js';
import { RecordingSink } from '../flags/sources/recording-sink.js';
import { until } from '../support/until.js';

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const offline: LDOptions = { sendEvents: false, diagnosticOptOut: true, logger: quiet };
const clients: LDClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

async function withTestData(data: TestData): Promise<LDClient> {
  const client = init('sdk-key', { ...offline, updateProcessor: data.getFactory() });
  clients.push(client);
  await client.waitForInitialization({ timeout: 10 });
  return client;
}

const inRequest = <T>(work: () => T): T =>
  store.run(new Context({ correlationId: 'c', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }, undefined), work);

describe('with its store in memory', () => {
  test('the callback comes before the call returns, which nothing documents: a hundred of a hundred', async () => {
    const data = new TestData();
    await data.update(data.flag('new_checkout').booleanFlag().variationForAll(true));
    const client = await withTestData(data);
    let synchronous = 0;
    for (let i = 0; i < 100; i++) {
      let called = false;
      void client.variationDetail('new_checkout', { kind: 'user', key: `${i}` }, false, () => {
        called = true;
      });
      if (called) synchronous++;
    }
    expect(synchronous).toBe(100);
  });

  test('a check says value, variant and reason', async () => {
    const data = new TestData();
    await data.update(data.flag('all').booleanFlag().variationForAll(true));
    await data.update(data.flag('off').booleanFlag().on(false).offVariation(1));
    await data.update(data.flag('for-7').booleanFlag().variationForUser('7', true).fallthroughVariation(false));
    await data.update(
      data.flag('gold').booleanFlag().ifMatch('user', 'tier', 'gold').thenReturn(true).fallthroughVariation(false),
    );
    await data.update(data.flag('text').variations('red', 'green').fallthroughVariation(1));
    await data.update(
      data
        .flag('object')
        .variations({ a: [1] })
        .fallthroughVariation(0),
    );
    await data.update(data.flag('number').variations(0, 5).fallthroughVariation(0));
    const source = launchDarkly(await withTestData(data));
    const for7 = { targetingKey: '7' };
    const checks = [
      ['all', 'boolean', false, for7, { value: true, variant: '0', reason: 'DEFAULT' }],
      ['off', 'boolean', true, for7, { value: false, variant: '1', reason: 'DISABLED' }],
      ['for-7', 'boolean', false, for7, { value: true, variant: '0', reason: 'TARGETING_MATCH' }],
      ['for-7', 'boolean', true, { targetingKey: '8' }, { value: false, variant: '1', reason: 'DEFAULT' }],
      ['gold', 'boolean', false, { targetingKey: '8', tier: 'gold' }, { value: true, reason: 'TARGETING_MATCH' }],
      ['gold', 'boolean', false, { kind: 'user', key: '8', tier: 'gold' }, { value: true, reason: 'TARGETING_MATCH' }],
      ['gold', 'boolean', false, { kind: 'user', targetingKey: '8', tier: 'gold' }, { value: true }],
      ['gold', 'boolean', true, { kind: 'device', key: '8', tier: 'gold' }, { value: false, reason: 'DEFAULT' }],
      ['text', 'string', 'x', for7, { value: 'green', variant: '1' }],
      ['object', 'object', {}, for7, { value: { a: [1] }, variant: '0' }],
      ['number', 'number', 7, for7, { value: 0, variant: '0' }],
      ['text', 'number', 7, for7, { value: 7, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' }],
      ['all', 'boolean', false, {}, { value: false, reason: 'ERROR', errorCode: 'TARGETING_KEY_MISSING' }],
      ['all', 'boolean', false, { kind: 'user' }, { value: false, reason: 'ERROR', errorCode: 'INVALID_CONTEXT' }],
    ] as const;
    for (const [key, kind, fallback, context, expected] of checks) {
      expect(source.evaluate(key, kind, fallback, context), `${key} for ${JSON.stringify(context)}`).toMatchObject(
        expected,
      );
    }
    expect(source.evaluate('unknown', 'boolean', true, for7)).toBeUndefined();
    expect(source.evaluate('toString', 'boolean', true, for7)).toBeUndefined();
  });

  test('a change is seen by the next check, and is a sign of life', async () => {
    const data = new TestData();
    await data.update(data.flag('new_checkout').booleanFlag().variationForAll(true));
    const source = launchDarkly(await withTestData(data));
    const sink = new RecordingSink();
    source.start(sink);
    expect(sink.signs).toBe(1);
    await data.update(data.flag('new_checkout').booleanFlag().variationForAll(false));
    expect(source.evaluate('new_checkout', 'boolean', true, { targetingKey: '1' })?.value).toBe(false);
    await until(() => sink.signs === 2);
    await source.stop();
  });
});

describe('with a store that takes its time', () => {
  /** In memory, and answering on the next turn of the loop, as a persistent store does. */
  function lateStore(): LDFeatureStore & { asked: number } {
    type Kept = Record<string, Record<string, LDFeatureStoreItem>>;
    let kept: Kept = {};
    const store = {
      asked: 0,
      get: (kind: { namespace: string }, key: string, callback: (item: LDFeatureStoreItem | null) => void) => {
        store.asked++;
        setImmediate(() => callback(kept[kind.namespace]?.[key] ?? null));
      },
      all: (kind: { namespace: string }, callback: (items: Record<string, LDFeatureStoreItem>) => void) =>
        setImmediate(() => callback(kept[kind.namespace] ?? {})),
      init: (all: Kept, callback: () => void) => {
        kept = structuredClone(all);
        callback();
      },
      upsert: (kind: { namespace: string }, item: LDFeatureStoreItem & { key: string }, callback: () => void) => {
        kept[kind.namespace] = { ...kept[kind.namespace], [item.key]: item };
        callback();
      },
      delete: (_kind: object, _key: string, _version: number, callback: () => void) => callback(),
      initialized: (callback: (is: boolean) => void) => callback(true),
      close: () => {},
    };
    return store;
  }

  async function slow() {
    const data = new TestData();
    await data.update(data.flag('text').variations('red', 'green').fallthroughVariation(1));
    const featureStore = lateStore();
    const client = init('sdk-key', { ...offline, featureStore, updateProcessor: data.getFactory() });
    clients.push(client);
    await client.waitForInitialization({ timeout: 10 });
    return { source: launchDarkly(client), featureStore, data };
  }
  const context = { targetingKey: '7' };

  test('what was fetched ahead is there at once, as whatever kind it is asked for', async () => {
    const { source } = await slow();
    await inRequest(async () => {
      await source.prefetch?.(['text', 'unknown'], context);
      expect(source.evaluate('text', 'string', '', context)).toMatchObject({ value: 'green', variant: '1' });
      expect(source.evaluate('text', 'number', 3, context)).toMatchObject({ value: 3, errorCode: 'TYPE_MISMATCH' });
      expect(source.evaluate('unknown', 'string', '', context)).toBeUndefined();
    });
  });

  test('what was not is left to the next source, and is there for the check after it', async () => {
    const { source, featureStore } = await slow();
    for (let i = 0; i < 50; i++) expect(source.evaluate('text', 'string', '', context)).toBeUndefined();
    await until(() => source.evaluate('text', 'string', '', context)?.value === 'green');
    expect(source.evaluate('text', 'string', '', { targetingKey: '8' })).toBeUndefined();
    const { asked } = featureStore;
    for (let i = 0; i < 50; i++) expect(source.evaluate('text', 'string', '', context)?.value).toBe('green');
    expect(featureStore.asked).toBe(asked); // what is known is not asked for again
  });

  test('within a request it does not change', async () => {
    const { source, data } = await slow();
    await inRequest(async () => {
      await source.prefetch?.(['text'], context);
      await data.update(data.flag('text').variations('red', 'green').fallthroughVariation(0));
      await inRequest(() => source.prefetch?.(['text'], context));
      expect(source.evaluate('text', 'string', '', context)?.value).toBe('green');
    });
    expect(source.evaluate('text', 'string', '', context)?.value).toBe('red');
  });
});

describe('with a server', () => {
  const flag = (version: number, on: boolean): object => ({
    key: 'new_checkout',
    on,
    version,
    salt: 's',
    variations: [true, false],
    offVariation: 1,
    fallthrough: { variation: 0 },
    rules: [],
    targets: [],
    prerequisites: [],
  });

  async function stream(): Promise<{ server: Server; url: string; send(event: string, data: unknown): void }> {
    const open = new Set<ServerResponse>();
    const server = createServer((request, response) => {
      if (request.method === 'POST') return void response.writeHead(202).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      open.add(response);
      response.write(
        `event: put\ndata: ${JSON.stringify({ path: '/', data: { flags: { new_checkout: flag(1, true) }, segments: {} } })}\n\n`,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return {
      server,
      url,
      send: (event, data) => {
        for (const response of open)
          response.write(`event: ${event}\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
      },
    };
  }

  test('a kill switch on its stream is seen, a malformed event changes nothing and is told', async () => {
    const { server, url, send } = await stream();
    const client = init('sdk-key', { ...offline, baseUri: url, streamUri: url, eventsUri: url });
    clients.push(client);
    const source = launchDarkly(client);
    const sink = new RecordingSink();
    const on = () => source.evaluate('new_checkout', 'boolean', false, { targetingKey: '7' });
    expect(on()).toBeUndefined(); // not initialized: the next source is asked
    source.start(sink);
    await until(() => sink.signs > 0);
    expect(on()?.value).toBe(true);

    send('put', '{"path":"/","data":');
    await until(() => sink.failures.length > 0);
    expect(on()?.value).toBe(true);

    const from = performance.now();
    send('patch', { path: '/flags/new_checkout', data: flag(2, false) });
    await until(() => on()?.value === false);
    console.log(`LaunchDarkly: kill switch seen after ${(performance.now() - from).toFixed(0)} ms`);
    await source.stop();
    client.close();
    server.close();
    server.closeAllConnections();
  });
});
