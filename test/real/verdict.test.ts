import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verdict } from '../../src/cli/commands/verdict.js';
import { main } from '../../src/cli/main.js';
import { evidenceQuery, LIMIT } from '../../src/verdict/generate/evidence-query.js';
import { Releases } from './releases.js';
import { sparePort } from './servers.js';

const installed = spawnSync('prometheus', ['--version']).status === 0;

describe.skipIf(!installed)("a verdict on a real Prometheus (skipped without Debian's package `prometheus`)", () => {
  const releases = new Releases();
  const ask = async (candidate: string, ...more: string[]): Promise<{ code: number; text: string; ms: number }> => {
    let text = '';
    const take = (piece: string): void => {
      text += piece;
    };
    const began = performance.now();
    const words = ['verdict', '--prometheus', releases.prometheus, '--baseline', '1.4.1', '--candidate', candidate];
    const times = ['--step', '2s', '--min-hold', '10s', '--service', 'checkout'];
    const code = await main(
      [...words, ...times, ...more],
      { verdict },
      { out: take, err: take, flushed: async () => {} },
    );
    return { code, text, ms: performance.now() - began };
  };

  beforeAll(() =>
    releases.start([
      { version: '1.4.1', errorRatio: 0.01, requestsPerSecond: 120 },
      { version: '1.5.0', errorRatio: 0.15, requestsPerSecond: 40 },
      { version: '1.5.1+fixed', errorRatio: 0.005, requestsPerSecond: 120 },
    ]),
  );
  afterAll(() => releases.stop());

  test('a version that nobody runs: not enough evidence', async () => {
    const { code, text } = await ask('2.0.0');
    expect(code).toBe(2);
    expect(text).toMatch(/^HOLD 2\.0\.0: no requests of the /);
  });

  test('a version that fails more often is to be rolled back', async () => {
    const { code, text, ms } = await ask('1.5.0', '--wait', '2m');
    console.info(`rolled back after ${Math.round(ms / 1000)} s:\n${text}`);
    expect(code).toBe(1);
    expect(text).toMatch(/^ROLL BACK 1\.5\.0: /);
  });

  test("Argo's query finds the same, and has nothing against a version that is as good", async () => {
    const side = (version: string) => ({
      matchers: '',
      join: `* on (job, instance) group_left () max by (job, instance) ({__name__=~"service_info|target_info", service_version="${version}"})`,
    });
    const evidence = (version: string): Promise<number> =>
      releases.query(evidenceQuery({ baseline: side('1.4.1'), candidate: side(version), window: '1m' }));
    expect(await evidence('1.5.0')).toBeGreaterThan(LIMIT);
    expect(await evidence('1.5.1+fixed')).toBeLessThan(LIMIT);
    expect(await evidence('2.0.0')).toBeNaN();
  });

  test('a version that is as good is to be promoted, and the JSON has the counts of the processes', async () => {
    const { code, text, ms } = await ask('1.5.1+fixed', '--wait', '3m', '--json');
    console.info(`promoted after ${Math.round(ms / 1000)} s: ${text}`);
    const report = JSON.parse(text);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      verdict: 'pass',
      baseline: { processes: 1 },
      candidate: { version: '1.5.1+fixed' },
    });
    expect(report.candidate.errorRatio).toBeLessThan(0.02);
  });

  test('an address where no Prometheus is ends with neither of these codes', async () => {
    let text = '';
    const take = (piece: string): void => {
      text += piece;
    };
    const words = [
      'verdict',
      '--prometheus',
      `http://127.0.0.1:${await sparePort()}`,
      '--baseline',
      '1',
      '--candidate',
      '2',
    ];
    const code = await main(words, { verdict }, { out: take, err: take, flushed: async () => {} });
    expect(code).toBe(69);
    expect(text).toMatch(/does not answer: connect ECONNREFUSED/);
  });
});
