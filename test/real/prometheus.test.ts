import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { get, type Member, Service } from '../metrics/live/service.js';
import { sparePort } from './servers.js';

const installed = ['prometheus', 'promtool'].every((name) => spawnSync(name, ['--version']).status === 0);

const RATE = 150;
const WINDOW_S = 12;
/** Answers take 100 to 500 ms, so that what the wire adds is little beside it. */
const DELAY_MS: [number, number] = [100, 500];
/** Two per cent apart: a quantile of Prometheus is as exact as its buckets are narrow. */
const EDGES = Array.from({ length: 100 }, (_, i) => 0.2 * 1.02 ** i);

/** So many requests a second, whatever becomes of them. Keeps when each ended and how long it took. */
class SteadyLoad {
  readonly ended: { readonly at: number; readonly seconds: number }[] = [];
  readonly #agent = new http.Agent({ keepAlive: true });
  readonly #timer: NodeJS.Timeout;
  #sent = 0;

  constructor(port: number) {
    const began = performance.now();
    this.#timer = setInterval(() => {
      for (const due = ((performance.now() - began) / 1000) * RATE; this.#sent < due; this.#sent++)
        void this.#ask(port);
    }, 5);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#agent.destroy();
  }

  async #ask(port: number): Promise<void> {
    const { ms } = await get(port, '/', {}, this.#agent).catch(() => ({ ms: Number.NaN }));
    this.ended.push({ at: Date.now() / 1000, seconds: ms / 1000 });
  }
}

describe.skipIf(!installed)("a real Prometheus (skipped without Debian's package `prometheus`)", () => {
  const folder = mkdtempSync(join(tmpdir(), 'fourlights-prometheus-'));
  const service = new Service();
  let target: Member;
  let prometheus: ChildProcess;
  let port: number;

  const ask = async (path: string): Promise<unknown> =>
    JSON.parse((await get(port, `/api/v1/${path}`)).body.toString()).data;
  const query = async (text: string, at: number): Promise<number> => {
    const data = await ask(`query?time=${at}&query=${encodeURIComponent(text)}`);
    return Number((data as { result: { value: [number, string] }[] }).result[0]?.value[1]);
  };

  beforeAll(async () => {
    [target] = (await service.start({ buckets: EDGES, delayMs: DELAY_MS })) as [Member];
    port = await sparePort();
    const config = join(folder, 'prometheus.yml');
    const targets = `[{ targets: ['127.0.0.1:${target.port}'] }]`;
    writeFileSync(
      config,
      `global: { scrape_interval: 500ms, scrape_timeout: 500ms }\nscrape_configs: [{ job_name: s, static_configs: ${targets} }]\n`,
    );
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--enable-feature=exemplar-storage',
      ],
      { stdio: 'ignore' },
    );
    // It looks for targets a few seconds after it is ready.
    for (let tries = 0; tries < 300; tries++) {
      if ((await query('up', Date.now() / 1000).catch(() => 0)) === 1) return;
      await pause(100);
    }
    throw new Error('prometheus did not scrape the service within 30 s');
  });

  afterAll(async () => {
    if (prometheus?.exitCode === null) {
      prometheus.kill('SIGTERM');
      await once(prometheus, 'exit');
    }
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('promtool has no complaint about the text', async () => {
    const { body } = await get(target.port, '/metrics');
    expect(body.toString()).toContain('saturation_ratio{resource="memory"}');
    expect(execFileSync('promtool', ['check', 'metrics'], { input: body, encoding: 'utf8' })).toBe('');
  });

  test('a query gives the request rate and the p99 that the load generator measured, within 2 %', async () => {
    const load = new SteadyLoad(target.port);
    await pause(3000 + WINDOW_S * 1000);
    const at = Date.now() / 1000 - 0.5;
    load.stop();
    await pause(1000);

    const measured = load.ended
      .filter((request) => request.at > at - WINDOW_S && request.at <= at)
      .map(({ seconds }) => seconds)
      .sort((a, b) => a - b);
    const rate = measured.length / WINDOW_S;
    const p99 = measured[Math.ceil(measured.length * 0.99) - 1] as number;
    const series = 'http_server_request_duration_seconds';
    const queriedRate = await query(`sum(rate(${series}_count[${WINDOW_S}s]))`, at);
    const queriedP99 = await query(`histogram_quantile(0.99, sum by (le) (rate(${series}_bucket[${WINDOW_S}s])))`, at);
    const figure = (value: number): string => value.toFixed(4);
    console.log(`rate ${figure(queriedRate)} of ${figure(rate)}/s; p99 ${figure(queriedP99)} of ${figure(p99)} s`);
    expect(Math.abs(queriedRate / rate - 1)).toBeLessThan(0.02);
    expect(Math.abs(queriedP99 / p99 - 1)).toBeLessThan(0.02);
  });

  test('its exemplars carry trace IDs of requests in their buckets', async () => {
    const now = Date.now() / 1000;
    const found = (await ask(
      `query_exemplars?query=http_server_request_duration_seconds_bucket&start=${now - 60}&end=${now}`,
    )) as { seriesLabels: { le: string }; exemplars: { labels: { trace_id: string }; value: string }[] }[];
    const all = found.flatMap(({ seriesLabels, exemplars }) =>
      exemplars.map((exemplar) => ({ ...exemplar, le: seriesLabels.le })),
    );
    expect(all.length).toBeGreaterThan(10);
    for (const { labels, value, le } of all) {
      expect(labels.trace_id).toMatch(/^[0-9a-f]{32}$/);
      expect(Number(value)).toBeLessThanOrEqual(le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le));
    }
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
