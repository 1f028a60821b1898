// Two workers, one `/metrics`. A worker that dies takes nothing with it that was counted.
import { setTimeout as pause } from 'node:timers/promises';
import { Service } from '../support/service.mjs';

const COUNT = 'http_server_request_duration_seconds_count';
const REQUESTS = 60;
const service = new Service(new URL('app.mjs', import.meta.url));

/** Workers report every five seconds. */
async function reported(atLeast) {
  for (;;) {
    const samples = await service.metrics(COUNT);
    const sum = samples.reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
    if (sum >= atLeast) return sum;
    await pause(200);
  }
}

try {
  const answers = await Promise.all(Array.from({ length: REQUESTS }, () => service.get('/')));
  console.log(`answered by ${[...new Set(answers.map(({ text }) => text))].sort().join(', ')}`);
  console.log(`requests in /metrics of the primary: ${await reported(REQUESTS)}`);
  await service.get('/crash').catch(() => console.log('a worker was killed in the middle of a request'));
  console.log(`requests in /metrics of the primary: ${await reported(REQUESTS)}`);
  while (!service.hasSaid('worker_ended')) await pause(50);
  for (const line of await service.metrics('fourlights_cluster_processes')) console.log(line);
} finally {
  console.log(`ended by ${await service.stop()}`);
}
