import { expect } from 'vitest';
import { type BehaviourName, FlagService } from '../../flags/sources/flag-service.js';
import { documentOf } from '../../flags/sources/recording-sink.js';
import { until } from '../../support/until.js';
import type { Figure } from '../fault.js';
import type { Scene } from '../scene.js';
import type { Host } from '../service/host.js';

const WAIT_MS = 300;
const LIMIT_MS = 90_000;

export interface FlagTrial {
  readonly behaviour: BehaviourName | 'refused';
  readonly form: 'polled' | 'streamed';
}

export const checkout = (host: Host): Promise<{ value: boolean; reason: string }> =>
  host.run(({ lib }) => lib.flags.details('new_checkout', false));

/** How often the first source has failed or was refused. */
const troubles = (host: Host): Promise<number> =>
  host.run(({ lib }) => lib.flags.health().sources.reduce((sum, { failed, refused }) => sum + failed + refused, 0));

/** At the start, healed, and again while it runs. */
export async function flagsSuffered(scene: Scene, { behaviour, form }: FlagTrial): Promise<Figure> {
  const service = scene.later(await new FlagService().listen(), (each) => each.close());
  service.elsewhere = `${service.url}/elsewhere`;
  const fail = async (): Promise<void> => {
    if (behaviour === 'refused') await service.close();
    else service.behave(behaviour);
  };
  const heal = async (): Promise<void> => {
    if (behaviour === 'refused') await service.listen();
    else service.behave('ok');
  };
  await fail();
  const host = await scene.host({
    argument: { url: service.url, form },
    before: ({ require, kept }) => {
      const sockets: import('node:net').Socket[] = [];
      kept['sockets'] = sockets;
      const { subscribe } = require('node:diagnostics_channel') as typeof import('node:diagnostics_channel');
      subscribe('net.client.socket', (message) =>
        sockets.push((message as { socket: import('node:net').Socket }).socket),
      );
    },
    options: ({ lib, argument: { url, form } }) => {
      const options = { intervalMs: 200, timeoutMs: 1500 };
      const source = form === 'polled' ? lib.flagSources.http(url, options) : lib.flagSources.sse(url, options);
      return { flags: { source } };
    },
  });
  const waitedMs = await host.run(async ({ lib, argument: timeoutMs }) => {
    const began = performance.now();
    await lib.flags.ready({ timeoutMs });
    return performance.now() - began;
  }, WAIT_MS);
  expect(await checkout(host)).toMatchObject({ value: false, reason: 'ERROR' });

  await heal();
  await until(async () => (await checkout(host)).value === true, LIMIT_MS);
  const rss = await host.run(() => process.memoryUsage.rss());
  const before = await troubles(host);
  await host.run(({ standstill }) => void standstill());
  await fail();
  if (behaviour === 'endless 304') await until(() => service.requests.length > 8);
  else await until(async () => (await troubles(host)) > before, LIMIT_MS);
  expect(await checkout(host)).toMatchObject({ value: true });
  const { standstillMs, rssMb, bodyMb } = await host.run(
    ({ standstill, kept, argument: rss }) => ({
      standstillMs: standstill(),
      rssMb: (process.memoryUsage.rss() - rss) / 2 ** 20,
      bodyMb: Math.max(...(kept['sockets'] as { bytesRead: number }[]).map(({ bytesRead }) => bytesRead)) / 2 ** 20,
    }),
    rss,
  );
  expect(bodyMb).toBeLessThan(8); // 5, and what had left the kernel by then

  service.text = documentOf('DISABLED');
  await heal();
  await until(async () => (await checkout(host)).reason === 'DISABLED', LIMIT_MS);
  expect(service.requests.filter(({ url }) => url?.endsWith('elsewhere'))).toEqual([]);
  expect(service.mostInFlight).toBeLessThanOrEqual(2);
  return {
    text: `start waited ${Math.round(waitedMs)} of ${WAIT_MS} ms; last good kept; ${bodyMb.toFixed(1)} MiB read at most, memory +${Math.max(0, rssMb).toFixed(1)} MiB; standstill ${Math.round(standstillMs)} ms; healed by itself`,
    measured: {
      flagsLost: 0,
      flagWaitOverMs: Math.max(0, waitedMs - WAIT_MS),
      flagRssMb: Math.max(0, rssMb),
      standstillMs,
      flagBodyMb: bodyMb,
    },
    beyond: 'what the connection had read when the 5 MiB were full, and times of a busy machine',
  };
}
