// What single calls cost inside a request. Public names only, everything written to /dev/null.
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import express from 'express';
import { correlationId, log, observe, shutdown } from 'fourlights';
import { goldenSignals } from 'fourlights/express';
import pino from 'pino';

const NULL = '/dev/null';
const BATCHES = 500;
const BATCH = 200; // short enough that neither logger's buffer fills before it may write
const ROUNDS = 5;

observe({ service: 'bench', log: { destination: NULL, accessLog: false } });
const plain = pino(pino.destination(NULL));

const parts = {
  'correlationId()': () => correlationId(),
  'log.info, enriched': () => log.info({ user_id: 42 }, 'user_login'),
  'plain pino info': () => plain.info({ user_id: 42 }, 'user_login'),
};

/** CPU of the process, writing included, in nanoseconds per call. */
async function cost(call) {
  const before = process.cpuUsage();
  for (let batch = 0; batch < BATCHES; batch++) {
    for (let i = 0; i < BATCH; i++) call();
    await nextTurn();
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / (BATCHES * BATCH);
}

async function measure(_req, res) {
  const costs = Object.fromEntries(Object.keys(parts).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, call] of Object.entries(parts)) {
      const nanoseconds = await cost(call);
      if (round > 0) costs[name].push(nanoseconds); // the first round is the warm-up
    }
  }
  res.json(costs);
}

const server = express().use(goldenSignals()).get('/', measure).listen(0, '127.0.0.1');
await once(server, 'listening');
const costs = await (await fetch(`http://127.0.0.1:${server.address().port}/`)).json();
server.close();
const { logs } = await shutdown();

console.log(`Node ${process.version}. ${ROUNDS} rounds of ${BATCHES * BATCH} calls inside one request.\n`);
console.log('| call | CPU ns, median (min..max) |\n| --- | ---: |');
for (const [name, values] of Object.entries(costs)) {
  const [min, , median, , max] = values.sort((a, b) => a - b).map(Math.round);
  console.log(`| ${name} | ${median} (${min}..${max}) |`);
}
console.log(`\nLines of fourlights: ${logs.written} written, ${logs.dropped} dropped.`);
