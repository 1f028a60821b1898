// A service on the built package. Its options, and what is asked of it, come as the text of functions from the test.
import http from 'node:http';
import { createRequire } from 'node:module';
import process from 'node:process';
import { runInThisContext } from 'node:vm';
import { routes } from './routes.mjs';

const require = createRequire(import.meta.url);
const plan = JSON.parse(process.env.SERVICE ?? '{}');
const functionOf = (text) => runInThisContext(`(${text})`);
const kept = {};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Seen, and not answered: what happens next is Node's own.
process.on('uncaughtExceptionMonitor', (error, origin) =>
  process.send?.({ uncaught: `${origin}: ${error?.stack ?? error}` }),
);

let last = performance.now();
let longest = 0;
setInterval(() => {
  const at = performance.now();
  longest = Math.max(longest, at - last - 10);
  last = at;
}, 10).unref();
const standstill = () => {
  const ms = Math.max(longest, performance.now() - last - 10);
  longest = 0;
  last = performance.now();
  return ms;
};

const { argument } = plan;
if (plan.before !== undefined) await functionOf(plan.before)({ require, kept, argument });
const lib = await import('fourlights');
const options = plan.options === undefined ? {} : functionOf(plan.options)({ lib, require, kept, argument });
const observability = plan.bare
  ? undefined
  : lib.observe({ service: 'faulted', version: '1', environment: 'test', ...options });
const app = await routes(lib, plan.bare);
const server = http.createServer(app);
server.keepAliveTimeout = 600_000; // a connection that is reused as it closes would be a failure of the client's

process.on('message', async ({ id, work, argument }) => {
  const tools = { lib, observability, app, server, require, pause, standstill, kept, argument };
  try {
    process.send({ id, value: await functionOf(work)(tools) });
  } catch (error) {
    process.send({ id, error: String(error?.stack ?? error) });
  }
});

server.listen(0, '127.0.0.1', () => process.send({ id: 0, port: server.address().port }));
