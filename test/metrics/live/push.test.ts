import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { diagnostics } from '../../../src/core/diagnostics.js';
import { MetricsPush } from '../../../src/metrics/otlp/push.js';
import { type PushOptions, pushSettings } from '../../../src/metrics/otlp/settings.js';
import { manualClock } from '../../../src/testing/manual-clock.js';
import { conformance } from '../../traces/exporters/conformance.js';
import { decoded } from '../otlp/decoded.js';
import { counter, histogram, one, recorded } from '../samples.js';

/** A collector that answers as it is told, and keeps what it took. */
class Collector {
  readonly bodies: Buffer[] = [];
  readonly headers: http.IncomingHttpHeaders[] = [];
  status = 200;
  reply: Uint8Array = new Uint8Array();
  readonly #server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    this.headers.push(request.headers);
    this.bodies.push(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
    response.writeHead(this.status).end(this.reply);
  });

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What each push said of the counter. */
  counts(): unknown[] {
    return this.bodies.map((body) => decoded(body).metrics.get('c')?.sum?.dataPoints[0]?.asDouble);
  }
}

let collector: Collector;

beforeEach(async () => {
  collector = new Collector();
  await collector.start();
});

afterEach(() => {
  vi.restoreAllMocks();
  collector.stop();
});

function pushing(options: PushOptions, value: () => number, clock = manualClock()): MetricsPush {
  const settings = pushSettings({ endpoint: collector.url, protocol: 'http/protobuf', ...options }, {});
  const durations = recorded([0.2, 0.3]);
  return new MetricsPush(settings, {
    ...{ clock, resource: { 'service.name': 'checkout' }, scope: { name: 'fourlights', version: '1' } },
    families: () => [counter('c', one(value())), histogram('h', [{ labels: {}, histogram: durations }])],
  });
}

describe.skipIf(conformance.absent)(`a push over a socket ${conformance.needs}`, () => {
  test('totals go out at each interval, to the path of metrics', async () => {
    const clock = manualClock();
    let value = 3;
    const push = pushing({ intervalMs: 10_000, compression: 'gzip', headers: { key: 'secret' } }, () => value, clock);
    push.start();
    clock.advance(10_000);
    await push.flush();
    value = 8;
    clock.advance(10_000);
    await push.flush();
    expect(collector.counts()).toEqual([3, 8]);
    expect(collector.headers[0]).toMatchObject({ key: 'secret', 'content-type': 'application/x-protobuf' });
    await push.stop(1000);
    clock.advance(100_000);
    expect(collector.counts()).toEqual([3, 8, 8]);
  });

  test('what did not arrive is in the next difference, from the same beginning', async () => {
    const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
    const clock = manualClock();
    let value = 3;
    const push = pushing({ temporality: 'delta' }, () => value, clock);
    await push.flush();
    collector.status = 503;
    value = 5;
    clock.advance(1000);
    await push.flush();
    collector.status = 200;
    value = 9;
    clock.advance(1000);
    await push.flush();
    await push.stop(1000);
    expect(collector.counts()).toEqual([3, 2, 6, 0]);
    expect(warn).toHaveBeenCalledWith('metrics export', expect.stringContaining('HTTP 503'));
    const [, failed, third] = collector.bodies.map((body) => decoded(body).metrics.get('c')?.sum);
    expect(third?.aggregationTemporality).toBe('AGGREGATION_TEMPORALITY_DELTA');
    expect(third?.dataPoints[0]?.startTimeUnixNano).toBe(failed?.dataPoints[0]?.startTimeUnixNano);
  });

  test('points that the receiver refuses are counted and told', async () => {
    const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
    const drop = vi.spyOn(diagnostics, 'drop');
    collector.reply = Buffer.from([0x0a, 0x06, 0x08, 0x02, 0x12, 0x02, 0x6e, 0x6f]); // 2 rejected, "no"
    const push = pushing({}, () => 1);
    await push.flush();
    await push.stop(1000);
    expect(drop).toHaveBeenCalledWith('metrics', 'points_refused', 2);
    expect(warn).toHaveBeenCalledWith('metrics refused', expect.stringContaining('refused 2 points: no'));
  });

  test.each([
    ['by itself', { code: 0, signal: null }],
    ['SIGTERM', { code: null, signal: 'SIGTERM' }],
  ])('a process that ends %s sends its last numbers, and ends as it would', async (ending, ended) => {
    const folder = mkdtempSync(join(tmpdir(), 'fourlights-push-'));
    const outfile = join(folder, 'job.cjs');
    const entry = fileURLToPath(new URL('fixtures/short-job.ts', import.meta.url));
    await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'silent' });
    const env = { ...process.env, COLLECTOR: collector.url, ENDING: ending };
    const child = spawn(process.execPath, [outfile], { env, stdio: 'inherit' });
    const [code, signal] = await once(child, 'exit');
    rmSync(folder, { recursive: true });
    expect({ code, signal }).toEqual(ended);
    expect(collector.counts()).toEqual([42]);
  });

  test('in JSON too', async () => {
    const push = pushing({ protocol: 'http/json' }, () => 4);
    await push.flush();
    await push.stop(1000);
    const [metric] = JSON.parse(String(collector.bodies[0])).resourceMetrics[0].scopeMetrics[0].metrics;
    expect(metric.sum.dataPoints[0].asDouble).toBe(4);
  });
});

test('a receiver that is away, or never answers, is told and holds nobody up', async () => {
  const warn = vi.spyOn(diagnostics, 'warn').mockReturnValue();
  const away = pushing({ endpoint: 'http://127.0.0.1:1' }, () => 1);
  await away.flush();
  await away.stop(1000);
  expect(warn).toHaveBeenCalledWith('metrics export', expect.stringContaining('ECONNREFUSED'));

  const silent = http.createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const clock = manualClock();
  const { port } = silent.address() as AddressInfo;
  const push = pushing({ endpoint: `http://127.0.0.1:${port}`, timeoutMs: 500 }, () => 1, clock);
  const flushed = push.flush();
  await once(silent, 'request');
  clock.advance(500);
  await flushed;
  expect(warn).toHaveBeenCalledWith('metrics export', expect.stringContaining('no answer within 500 ms'));
  silent.close();
  silent.closeAllConnections();
});
