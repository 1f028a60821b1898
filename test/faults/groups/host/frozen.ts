import { expect } from 'vitest';
import { until } from '../../../support/until.js';
import type { Fault } from '../../fault.js';

export const frozen: Fault = {
  name: 'the prototypes of the language are frozen',
  promise: 'observe() and all that follows work',
  goals: [1],
  async run(scene) {
    const host = await scene.host({
      before: ({ require }) => {
        require('express'); // which cannot be loaded under frozen prototypes; with that of Error, Node's own fetch fails
        for (const each of [Object, Array, Function, String, Number, Promise, Map, Set, RegExp, Date])
          Object.freeze(each.prototype);
      },
      options: () => ({ traces: {}, admin: { port: 0 }, flags: { source: 'env' } }),
      env: { FOURLIGHTS_FLAGS: '{"a": true}' },
    });
    await host.requests(50, '/work');
    expect(JSON.parse((await host.get('/flag/a')).body)).toMatchObject({ value: true });
    await until(() => host.records().length === 51);
    const scraped = await host.run(async ({ observability }) => {
      const answer = await fetch(`http://127.0.0.1:${await observability.admin.port}/metrics`);
      return answer.status;
    });
    expect(scraped).toBe(200);
    expect((await host.shutdown()).failures).toEqual([]);
    return { text: '51 requests, their records, flags, spans and a scrape as ever' };
  },
};
