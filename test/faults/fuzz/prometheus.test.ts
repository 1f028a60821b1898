import http from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/core/clock.js';
import { PrometheusApi, PrometheusError } from '../../../src/verdict/prometheus-api.js';
import { Release } from '../../../src/verdict/release.js';
import { listen, stopAll } from '../../http/harness.js';
import { HostileJson, jsonText } from '../../support/hostile-json.js';
import { Mutator } from '../../support/mutator.js';
import { random } from '../../support/random.js';
import { cases, tried } from './budget.js';

afterEach(stopAll);

const now = Math.floor(Date.now() / 15_000) * 15;
const series = (labels: object, step: number) => ({
  metric: { instance: 'i', job: 'j', ...labels },
  values: Array.from({ length: 20 }, (_, i) => [now - (20 - i) * 15, String(i * step)]),
});
const matrix = {
  status: 'success',
  data: {
    resultType: 'matrix',
    result: ['1', '2'].flatMap((version) =>
      ['0.1', '1', '+Inf'].map((le) => series({ version, service_version: version, le }, 9)),
    ),
  },
};

const release = (port: number): Release =>
  new Release(new PrometheusApi(`http://127.0.0.1:${port}`, 'prometheus'), systemClock, {
    ...{ baseline: '1', candidate: '2', sinceSeconds: 600, tickSeconds: 15, minHoldSeconds: 0, tolerance: 1.5 },
  });

test('whatever a Prometheus answers there is a verdict, or a PrometheusError', async () => {
  const hostile = new HostileJson(
    random(131),
    ['le', 'version', 'instance', 'values', 'metric', 'result'],
    ['+Inf', 'NaN', '-1'],
  );
  const mutator = new Mutator(137, [JSON.stringify(matrix)]);
  let reply: string | Buffer = '';
  const port = await listen(
    http.createServer((request, response) => {
      request.resume();
      response.end(reply);
    }),
  );
  const count = cases({ short: 300, long: 6000 });
  const verdicts: Record<string, number> = {};
  for (let run = 0; run < count; run++) {
    reply = run % 3 === 0 ? mutator.bytes() : jsonText(run % 3 === 1 ? hostile.spoilt(matrix) : matrix);
    try {
      const { verdict } = await release(port).read();
      verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
    } catch (cause) {
      if (!(cause instanceof PrometheusError)) throw cause;
      verdicts['none'] = (verdicts['none'] ?? 0) + 1;
    }
  }
  expect(verdicts['none']).toBeLessThan(count);
  tried("a Prometheus's answers", 'a verdict, or an error that says why there is none', count, {
    text: JSON.stringify(verdicts),
  });
});

test('an answer without an end is not read to its end', async () => {
  let written = 0;
  const piece = Buffer.alloc(1 << 20, 32);
  const port = await listen(
    http.createServer((request, response) => {
      request.resume();
      const pour = (): void => {
        while (!response.destroyed && response.write(piece)) written += piece.length;
        written += piece.length;
      };
      response.on('drain', pour);
      pour();
    }),
  );
  await expect(release(port).read()).rejects.toThrow(/too long/);
  expect(written).toBeLessThan(400 * 2 ** 20); // two questions, and what sockets hold
});
