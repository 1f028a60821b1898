import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Source } from '../../../src/flags/source.js';
import { sse } from '../../../src/flags/sources/sse.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { until } from '../../support/until.js';
import { FlagService } from './flag-service.js';
import { documentOf, RecordingSink } from './recording-sink.js';

const service = new FlagService();
const clock = manualClock();
let sink = new RecordingSink();
let source: Source;

beforeEach(async () => {
  service.requests.length = 0;
  service.text = documentOf('ENABLED');
  service.behave('ok');
  await service.listen();
  sink = new RecordingSink();
  source = sse(service.url, { clock, random: () => 0.5 });
  source.start(sink);
  await until(() => sink.applied === 1);
});
afterEach(async () => {
  await source.stop();
  await service.close();
});

const streams = () => service.requests.filter(({ headers }) => headers.accept?.includes('event-stream'));
const polls = () => service.requests.filter(({ headers }) => headers.accept === 'application/json');
const killed = (): boolean => sink.flags['new_checkout']?.state === 'DISABLED';
const moving = (ms: number, holds: () => boolean): Promise<void> =>
  until(() => {
    clock.advance(ms);
    return holds();
  });

test('a change comes as an event, without a request', async () => {
  service.send(`event: put\nid: 2\ndata: ${documentOf('DISABLED')}\n\n`);
  await until(killed);
  expect(service.requests).toHaveLength(1);
});

test('a malformed event changes nothing, and the stream goes on', async () => {
  service.send('data: {"flags":\n\n');
  await until(() => sink.refused === 1);
  expect(killed()).toBe(false);
  service.send(`data: ${documentOf('DISABLED')}\n\n`);
  await until(killed);
  expect(service.requests).toHaveLength(1);
});

test('the next connection names the last event that was applied, not one that was refused', async () => {
  service.send('id: bad\ndata: {}\n\n');
  await until(() => sink.refused === 1);
  service.cut();
  await moving(100, () => streams().length === 2);
  const id = streams()[1]?.headers['last-event-id'];
  expect(id).toMatch(/^[0-9a-f]{40}$/);
});

test('events of other kinds, and comments, are signs of life', async () => {
  service.send(': still here\n\n');
  await until(() => sink.signs === 1);
  service.send('event: heartbeat\ndata: x\n\n');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(sink).toMatchObject({ applied: 1, refused: 0 });
});

test('after an event that was refused a heartbeat is no sign that all is well', async () => {
  service.send('data: {}\n\n');
  await until(() => sink.refused === 1);
  service.send(': still here\n\n');
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(sink.signs).toBe(0);
});

test('a connection that is silent for two heartbeats is dead; half a line is silence', async () => {
  clock.advance(59_000);
  service.send('half a line');
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(sink.failures).toEqual([]);
  clock.advance(1000);
  await until(() => sink.failures.length > 0);
  expect(sink.failures).toEqual(['silent for 60000 ms']);
  await moving(100, () => streams().length === 2);
});

test('a heartbeat puts the end of patience off', async () => {
  for (let i = 0; i < 4; i++) {
    clock.advance(50_000);
    const { signs } = sink;
    service.send(':\n');
    await until(() => sink.signs > signs);
  }
  expect(sink.failures).toEqual([]);
});

test('while the stream is down the address is polled, and no longer when it is back', async () => {
  service.behave('HTTP 500');
  await moving(100, () => streams().length >= 3);
  service.text = documentOf('DISABLED');
  await moving(1000, () => polls().length >= 1);
  service.behave('ok');
  await moving(1000, () => killed() && service.streams.size === 1);
  const { length } = polls();
  for (let i = 0; i < 5; i++) {
    clock.advance(10_000);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(polls().length).toBe(length);
});

test('a proxy that ends a connection now and then does not start the polling', async () => {
  for (let i = 2; i < 5; i++) {
    service.cut();
    await moving(100, () => streams().length === i && sink.applied === i);
  }
  expect(polls()).toEqual([]);
});

test('the server may ask for more time before the next connection, up to a minute', async () => {
  service.send('retry: 30000\n\n');
  await until(() => sink.signs === 1);
  service.cut();
  await until(() => sink.failures.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  clock.advance(29_999);
  expect(streams()).toHaveLength(1);
  await moving(100, () => streams().length === 2);
});

test('a start without a stream polls after two seconds', async () => {
  await source.stop();
  service.requests.length = 0;
  service.behave('hang');
  source.start(sink);
  await until(() => streams().length === 1);
  clock.advance(1999);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(polls()).toEqual([]);
  clock.advance(1);
  await until(() => polls().length === 1);
});
