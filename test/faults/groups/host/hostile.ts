import { expect } from 'vitest';
import { until } from '../../../support/until.js';
import type { Fault } from '../../fault.js';

export const hostile: Fault = {
  name: 'Proxies and throwing getters in log fields, span attributes, flag contexts and errors',
  promise: 'no call throws; the line, the span and the check are there, without what could not be read',
  goals: [1],
  async run(scene) {
    const host = await scene.host({
      options: () => ({ traces: {}, flags: { source: 'env' } }),
      env: { FOURLIGHTS_FLAGS: '{"a": true}' },
    });
    const outcome = await host.run(({ lib }) => {
      const trap = (): never => {
        throw new Error('from a trap');
      };
      const proxy = new Proxy(
        {},
        { get: trap, ownKeys: trap, has: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap },
      );
      const getter = Object.defineProperty({}, 'a', { enumerable: true, get: trap });
      const circular: Record<string, unknown> = {};
      circular['self'] = circular;
      const values: unknown[] = [
        ...[proxy, getter, circular, { nested: proxy }, { nested: getter }, { toJSON: trap }, Object.create(null)],
        ...[
          Symbol('s'),
          10n,
          () => {},
          new Map([[{}, {}]]),
          new Error('plain', { cause: proxy }),
          new Date(Number.NaN),
          null,
        ],
      ];
      const thrown: string[] = [];
      const attempt = (what: string, work: () => unknown): void => {
        try {
          work();
        } catch (cause) {
          thrown.push(`${what}: ${String(cause)}`);
        }
      };
      values.forEach((value, i) => {
        attempt(`log.info(value ${i})`, () => lib.log.info(value as object, 'hostile'));
        attempt(`log.info({ value ${i} })`, () => lib.log.info({ value }, 'hostile'));
        attempt(`log.info('%o', value ${i})`, () => lib.log.info('hostile %o %s', value as object, value));
        attempt(`log.error({ err ${i} })`, () => lib.log.error({ err: value }, 'hostile'));
        attempt(`log.child(${i})`, () => lib.log.child({ value }).info('hostile'));
        attempt(`span ${i}`, () =>
          lib.span('hostile', { attributes: { value } as never }, (span) => span.setAttribute('v', value as never)),
        );
        attempt(`flag ${i}`, () => lib.flags.details('a', false, value as never));
        attempt(`flag context ${i}`, () => lib.flags.details('a', false, { targetingKey: value, value } as never));
      });
      return { thrown, values: values.length };
    });
    expect(outcome.thrown).toEqual([]);
    await host.get('/ok');
    await until(() => host.records().length > 0);
    for (const line of host.stdout.split('\n').filter(Boolean)) JSON.parse(line);
    return { text: `${outcome.values} values in 8 places: 0 throws, every line is JSON` };
  },
};
