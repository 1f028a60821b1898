import { expect } from 'vitest';
import { until } from '../../../support/until.js';
import type { Fault } from '../../fault.js';
import type { Host } from '../../service/host.js';
import { connected, pause } from '../../trials/raw.js';

/** Exactly so many records, and room for one too many to show itself. */
async function recorded(host: Host, count: number): Promise<void> {
  await until(() => host.records().length >= count, 60_000);
  await host.quiet();
  await pause(50);
  expect(host.records()).toHaveLength(count);
}

export const slow: Fault = {
  name: 'slowloris: connections that send a byte of their headers now and then',
  promise: 'others are served; nothing is opened for a request that has not come',
  goals: [1, 14],
  async run(scene) {
    const count = scene.long ? 2000 : 200;
    const host = await scene.host();
    const sockets = await Promise.all(Array.from({ length: count }, () => connected(host.port)));
    const drip = setInterval(() => {
      for (const socket of sockets) socket.write('a');
    }, 50);
    await host.requests(200);
    clearInterval(drip);
    for (const socket of sockets) socket.destroy();
    await recorded(host, 200);
    return { text: `${count} such connections; 200 of 200 others served`, measured: { recordsOff: 0, inFlight: 0 } };
  },
};
