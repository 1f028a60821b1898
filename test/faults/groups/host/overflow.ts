import { expect } from 'vitest';
import { until } from '../../../support/until.js';
import type { Fault } from '../../fault.js';

export const overflow: Fault = {
  name: 'the stack overflows inside a request',
  promise: 'that request is a 500 with its record; the process lives',
  goals: [1],
  async run(scene) {
    const host = await scene.host({ options: () => ({ traces: {} }) });
    const depth = 20_000;
    const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
    expect((await host.get('/deep')).status).toBe(500);
    const headers = { 'content-type': 'application/json' };
    const { status } = await host.get('/nested', { method: 'POST', headers }, nested);
    expect([200, 500]).toContain(status);
    await until(() => host.records().length === 2);
    expect(host.records()[0]).toMatchObject({ status: 500, outcome: 'error', error_type: 'RangeError' });
    return { text: 'two overflows, by a handler and by JSON of 20,000 levels: 500, one record each' };
  },
};
