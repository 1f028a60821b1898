// A shop with two features that are rolled out by themselves. Nobody looks on, and nobody has to.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { flags, guard, lifecycle, observe } from 'fourlights';

/**
 * Shorter than one would have it: one is watching. Latency is left out, which guards compare by default: on a machine that
 * does other things at the same time a guard would wait for calmer evidence, longer than anybody watches.
 */
const plan = { stages: [10, 50, 100], minHold: '10s', holdbackFor: '20s', metrics: ['errors'] };
guard('new_checkout', plan);
guard('new_search', plan);

observe({
  service: 'shop',
  traces: false,
  log: { accessLog: false },
  flags: { source: fileURLToPath(new URL('flags.json', import.meta.url)) },
});

/** What the new checkout stands on has room for so many customers; beyond, one request in ten finds it full. */
const ROOM = 200;
const customers = new Set();
let asked = 0;

const features = {
  checkout: {
    flag: 'new_checkout',
    fresh: (user) => {
      customers.add(user);
      return customers.size > ROOM && asked++ % 10 === 0 ? 500 : 200;
    },
  },
  search: { flag: 'new_search', fresh: () => 200 },
};

/** Answers by feature, variant and status, for the report at the end. */
const answers = {};

const server = createServer((request, response) => {
  const [, name, user] = request.url.split('/');
  if (name === 'report') return response.end(JSON.stringify(answers));
  const { flag, fresh } = features[name];
  const isFresh = flags.boolean(flag, false, { targetingKey: user });
  const status = isFresh ? fresh(user) : 200;
  const key = `${name} ${isFresh ? 'new' : 'old'} ${status}`;
  answers[key] = (answers[key] ?? 0) + 1;
  setTimeout(() => response.writeHead(status).end(), 2 + Math.random() * 6);
});

lifecycle.drain(server, { delayMs: 0, deadlineMs: 3000 });
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: server.address().port });
  process.disconnect?.();
});
