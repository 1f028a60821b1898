import { expect } from 'vitest';
import { until } from '../../support/until.js';
import { type BehaviourName, Collector } from '../../traces/export/collector.js';
import type { Fault, Group } from '../fault.js';

interface Case {
  readonly behaviour: BehaviourName | 'refused' | 'unknown name' | 'untrusted';
  readonly fate: 'delivered' | 'lost' | 'later';
  readonly long?: true;
}

/** What a receiver of webhooks may do. `later`: a failure that may pass, so that it is tried again first. */
const cases: Readonly<Record<string, Case>> = {
  'is not there': { behaviour: 'refused', fate: 'later' },
  'never answers': { behaviour: 'hang', fate: 'later' },
  'HTTP 500': { behaviour: 'HTTP 500', fate: 'later', long: true },
  '429 with Retry-After': { behaviour: '429 with Retry-After', fate: 'later' },
  'resets the connection': { behaviour: 'reset mid-body', fate: 'later', long: true },
  'answers garbage': { behaviour: 'garbage', fate: 'delivered', long: true },
  'answers 300 MB': { behaviour: 'huge body', fate: 'delivered' },
  'redirects elsewhere': { behaviour: 'redirect', fate: 'lost' },
  'a name that is not known': { behaviour: 'unknown name', fate: 'later', long: true },
  'a certificate nobody trusts': { behaviour: 'untrusted', fate: 'later' },
};

/** Longer than an evaluation of rules, its held time and all attempts. */
const LIMIT_MS = 180_000;

const faults = Object.entries(cases).map(
  ([name, { behaviour, fate, long = false }]): Fault => ({
    name: `webhook: ${name}`,
    promise: 'each message is delivered or counted as lost and told; other sinks hear all the same; shutdown in time',
    goals: [1, 4, 5],
    long,
    async run(scene) {
      const receiver = await new Collector({ secure: behaviour === 'untrusted' }).listen();
      receiver.elsewhere = `${receiver.url}/elsewhere`;
      const stands = behaviour !== 'refused' && behaviour !== 'unknown name' && behaviour !== 'untrusted';
      if (stands) receiver.behaviour = behaviour;
      if (behaviour === 'refused') await receiver.close();
      else scene.later(receiver, (each) => each.close());
      const host = await scene.host({
        argument:
          behaviour === 'unknown name' ? 'http://hooks.invalid/alerts' : `${receiver.url}/alerts?key=canary-of-the-url`,
        options: ({ argument }) => ({
          alerts: {
            defaults: false,
            sinks: [{ to: 'webhook', url: argument }, 'log'],
            rules: [
              {
                ...{ name: 'Busy', severity: 'warning', signal: 'traffic.requestsPerSecond', fireAbove: 0.001 },
                ...{ for: '1s', minSamples: 0, action: 'Nothing: this is a test.' },
              },
            ],
          },
        }),
      });
      await host.requests(100);
      await until(() => host.lines().some(({ event }) => String(event).startsWith('alert')), LIMIT_MS);
      const counts = (): Promise<{ taken: number; delivered: number; lost: number; waiting: number }> =>
        host.run(({ observability }) => {
          const webhook = observability.alerts.deliveries().find(({ sink }) => sink.startsWith('webhook'));
          return webhook ?? { taken: 0, delivered: 0, lost: 0, waiting: 0 };
        });
      if (fate === 'delivered') await until(async () => (await counts()).delivered > 0, LIMIT_MS);
      if (fate === 'lost') await until(async () => (await counts()).lost > 0, LIMIT_MS);
      if (fate === 'later' && stands)
        await until(() => receiver.requests.length > 1 || receiver.sockets.size > 0, LIMIT_MS);
      const { durationMs, failures } = await host.shutdown();
      expect(failures).toEqual([]);
      const { taken, delivered, lost, waiting } = await counts();
      expect(taken).toBeGreaterThan(0);
      expect(waiting).toBe(0);
      expect(delivered + lost).toBe(taken);
      expect(delivered > 0).toBe(fate === 'delivered');
      expect(host.notices(/alerts sink/).length).toBe(fate === 'delivered' ? 0 : 1);
      expect(receiver.requests.filter(({ url }) => url === '/elsewhere')).toEqual([]);
      expect(host.stdout + host.stderr).not.toContain('canary-of-the-url');
      return {
        text: `${taken} messages = ${delivered} delivered + ${lost} lost and told; shutdown ${Math.round(durationMs)} ms`,
        measured: { shutdownMs: durationMs, shutdownFailures: 0 },
      };
    },
  }),
);

export const sinks: Group = { name: 'sinks', faults };
