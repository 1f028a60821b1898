// What a collector that fails costs the service: latency and CPU beside the healthy case, and where every span went.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { root } from './harness/bench.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '1000' },
  },
});
const [rounds, seconds, rate] = [values.rounds, values.seconds, values.rate].map(Number);

const chunk = Buffer.alloc(1 << 20, 120);
const pour = (response) => {
  let left = 300;
  const more = () => {
    while (left-- > 0) if (!response.write(chunk)) return void response.once('drain', more);
    response.end();
  };
  more();
};

/** What the collector does with a request whose body it has read. */
const faults = {
  healthy: (response) => response.end('{}'),
  refused: null,
  hang: () => {},
  'slow 3 s': (response) => void setTimeout(() => response.end('{}'), 3000),
  '429, Retry-After 2': (response) => response.writeHead(429, { 'retry-after': '2' }).end(),
  500: (response) => response.writeHead(500).end(),
  reset: (response) => response.socket?.resetAndDestroy(),
  'partial success': (response) => response.end('{"partialSuccess":{"rejectedSpans":"1","errorMessage":"no"}}'),
  garbage: (response) => response.end('<html>'),
  '300 MB body': pour,
};

async function measure(answer) {
  const collector = createServer((request, response) => {
    response.on('error', () => {});
    request
      .on('error', () => {})
      .resume()
      .on('end', () => answer?.(response));
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const endpoint = `http://127.0.0.1:${collector.address().port}/v1/traces`;
  if (answer === null) collector.close();
  const server = fork(new URL('./server/main.cjs', import.meta.url), {
    env: {
      ...process.env,
      BENCH_SERVICE: JSON.stringify({ framework: 'express', routes: 1, parts: ['fourlights.mjs'] }),
      BENCH_SETUP: 'everything-sent',
      BENCH_LIBRARY: root,
      BENCH_LOG: '/dev/null',
      BENCH_OTLP: endpoint,
      NODE_ENV: 'production',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ask = async (question) => {
    server.send({ question });
    const [{ answer: told }] = await once(server, 'message');
    return told;
  };
  const { url } = await ask('listen');
  const load = { url: `${url}/api/users/1`, connections: 20, overallRate: rate };
  await autocannon({ ...load, duration: 2 });
  const before = await ask('mark');
  const result = await autocannon({ ...load, duration: seconds });
  const after = await ask('mark');
  const began = performance.now();
  await ask('stop');
  const stopMs = performance.now() - began;
  server.disconnect();
  await once(server, 'exit');
  collector.close();
  collector.closeAllConnections();
  const requests = after.answered - before.answered;
  return {
    p99: result.latency.p99,
    cpuUs: (after.cpuUs - before.cpuUs) / requests,
    rssMb: after.rssBytes / 2 ** 20,
    stopMs,
  };
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const runs = Object.fromEntries(Object.keys(faults).map((name) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, answer] of Object.entries(faults)) {
    runs[name].push(await measure(answer));
    process.stderr.write(`round ${round + 1}/${rounds} ${name}\n`);
  }
}
console.log(
  `Node ${process.version}, ${rate} requests/s, ${rounds} interleaved rounds of ${seconds} s, all spans exported. Medians; ratios to healthy of the same round.\n`,
);
console.log(
  '| collector | p99 ms | CPU µs/request | × healthy (min..max) | RSS MB | stop ms |\n| --- | ---: | ---: | ---: | ---: | ---: |',
);
for (const [name, list] of Object.entries(runs)) {
  const of = (key) => median(list.map((run) => run[key]));
  const ratios = list.map((run, round) => run.cpuUs / runs.healthy[round].cpuUs).sort((a, b) => a - b);
  const ratio = `${median(ratios).toFixed(2)} (${ratios[0].toFixed(2)}..${ratios.at(-1).toFixed(2)})`;
  console.log(
    `| ${name} | ${of('p99')} | ${of('cpuUs').toFixed(0)} | ${ratio} | ${of('rssMb').toFixed(0)} | ${of('stopMs').toFixed(0)} |`,
  );
}
