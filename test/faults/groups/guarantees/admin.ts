import { expect } from 'vitest';
import type { Fault } from '../../fault.js';
import { exchanged, head } from '../../trials/raw.js';

export const admin: Fault = {
  name: 'a stranger at the admin port: every path without a token, and malformed request lines',
  promise: 'the three probes of orchestrators answer, and nothing else does; nothing crashes',
  goals: [1, 15],
  async run(scene) {
    const host = await scene.host({ options: () => ({ admin: { port: 0, token: 'a token of some length' } }) });
    const port = await host.run(({ observability }) => observability.admin.port);
    const paths = [
      '/',
      '/metrics',
      '/livez',
      '/readyz',
      '/startupz',
      '/verdict',
      '/api',
      '/v1/traces',
      '/app.js',
      '/index.html',
      '/debug',
      '/heapdump',
      '/env',
    ];
    for (const name of [
      'health',
      'snapshot',
      'requests',
      'routes',
      'log',
      'flags',
      'configuration',
      'alerts',
      'dependencies',
      'rollouts',
      'saturation',
      'history',
      'moment',
    ])
      paths.push(`/api/${name}`);
    const open: string[] = [];
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const { status } = await host.get(path, { port: port as number, method });
        if (status < 300) open.push(`${method} ${path}`);
      }
    }
    expect(new Set(open.map((each) => each.split(' ')[1]))).toEqual(new Set(['/livez', '/readyz', '/startupz']));
    const total = scene.long ? 100_000 : 2000;
    const odd = [
      'http://[',
      '//',
      '%',
      '*',
      '/%00',
      '/..%2f',
      '?',
      '/\u00ff',
      'a',
      `/${'x'.repeat(8000)}`,
      '/#',
      '/;',
      '/api/%zz',
      'http://a@b:c/',
    ];
    let sent = 0;
    const client = async (): Promise<void> => {
      while (sent < total) {
        const path = `${odd[sent % odd.length]}${sent % 7 === 0 ? String.fromCharCode(128 + (sent % 127)) : ''}`;
        sent += 20;
        await exchanged(port as number, Buffer.from(head(`GET ${path} HTTP/1.1`).repeat(20), 'latin1'), 20, 3000);
      }
    };
    await Promise.all(Array.from({ length: 8 }, client));
    expect((await host.get('/livez', { port: port as number, agent: false })).status).toBe(200);
    return {
      text: `${paths.length} paths: open are ${[...new Set(open.map((each) => each.split(' ')[1]))].join(' and ')}; ${sent} malformed lines, 0 crashes`,
      measured: { openPaths: 3, malformed: sent },
      beyond: '/startupz is a probe of orchestrators as well, and says as little as the other two',
    };
  },
};
