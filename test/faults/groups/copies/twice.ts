import { expect } from 'vitest';
import { until } from '../../../support/until.js';
import type { Fault } from '../../fault.js';

export const twice: Fault = {
  name: 'the middleware is mounted twice, and observe() is called twice',
  promise: 'one record per request, one notice',
  goals: [1, 14],
  async run(scene) {
    const host = await scene.host();
    await host.run(async ({ require, lib, kept }) => {
      const express = require('express');
      const { goldenSignals } = require('fourlights/express');
      const app = express().use(goldenSignals()).use(goldenSignals()).use('/', express.Router().use(goldenSignals()));
      app.get('/twice', (_request: unknown, response: { send(text: string): void }) => response.send('once'));
      kept['server'] = app.listen(0, '127.0.0.1');
      for (let i = 0; i < 5; i++) lib.observe({ service: 'another' });
      await new Promise((resolve) => (kept['server'] as import('node:http').Server).once('listening', resolve));
    });
    const port = await host.run(
      ({ kept }) => ((kept['server'] as import('node:http').Server).address() as { port: number }).port,
    );
    for (let i = 0; i < 10; i++) await host.get('/twice', { port, agent: false });
    await until(() => host.records().length >= 10);
    expect(host.records()).toHaveLength(10);
    expect(host.notices('observe twice')).toHaveLength(1);
    await host.run(({ kept }) => void (kept['server'] as import('node:http').Server).close());
    return { text: '10 requests, 10 records, 1 notice', measured: { recordsOff: 0 } };
  },
};
