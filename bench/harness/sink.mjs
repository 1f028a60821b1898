import { once } from 'node:events';
import { createServer } from 'node:http';
import { answer } from './answer.cjs';

/** Bodies wait until someone asks: reading them during the load would take time from the load generator's core. */
let bodies = [];

const server = createServer((req, res) => {
  const chunks = [];
  req.on('data', (chunk) => chunks.push(chunk));
  req.on('end', () => {
    bodies.push(Buffer.concat(chunks));
    res.setHeader('content-type', 'application/json').end('{}');
  });
});

async function listen() {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}/v1/traces`;
}

/** Spans received since the last time, by the instrumentation that made them. */
function take() {
  const spans = {};
  for (const body of bodies) {
    const scopes = JSON.parse(body.toString()).resourceSpans.flatMap((resource) => resource.scopeSpans);
    for (const { scope, spans: some } of scopes) spans[scope.name] = (spans[scope.name] ?? 0) + some.length;
  }
  bodies = [];
  return spans;
}

answer({ listen, take });
