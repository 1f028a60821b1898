import { until } from '../../../support/until.js';
import type { Fault } from '../../fault.js';
import { connected, head } from '../../trials/raw.js';

export const idle: Fault = {
  name: 'connections that are kept open and idle',
  promise: 'memory per connection is that of Node, and it comes back',
  goals: [1],
  async run(scene) {
    const count = scene.long ? 10_000 : 500;
    const heaps: number[] = [];
    for (const bare of [true, false]) {
      const host = await scene.host({ bare, node: ['--expose-gc', '--max-http-header-size=16384'] });
      await host.run(({ server }) => {
        server.keepAliveTimeout = 600_000;
        server.maxConnections = 0;
      });
      const heap = (): Promise<number> =>
        host.run(async ({ pause }) => {
          for (let i = 0; i < 4; i++) {
            globalThis.gc?.();
            await pause(50);
          }
          return process.memoryUsage().heapUsed;
        });
      await host.requests(200);
      const before = await heap();
      const sockets = [];
      for (let i = 0; i < count; i += 100) {
        const some = await Promise.all(Array.from({ length: 100 }, () => connected(host.port)));
        for (const socket of some) socket.resume().write(head('GET /ok HTTP/1.1'));
        sockets.push(...some);
      }
      if (!bare) await until(() => host.records().length >= count + 200, 120_000);
      heaps.push(((await heap()) - before) / count);
      for (const socket of sockets) socket.destroy();
      await scene.leave(host);
    }
    const [bare = 0, ours = 0] = heaps;
    return {
      text: `${count} connections: ${Math.round(ours)} B of heap each, ${Math.round(bare)} B without the library`,
      measured: { perConnectionBytes: ours - bare },
      beyond:
        'the timer of an idle connection keeps the context that it began in: the IDs, the path and the numbers of the last request',
    };
  },
};
