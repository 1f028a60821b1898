import { setTimeout as delay } from 'node:timers/promises';
import { log, observe } from 'fourlights';
import { serve } from './serve.mjs';

const SCORES = /^\/scores\/(\d+)$/;

observe({
  service: 'model',
  http: { route: ({ url }) => (SCORES.test(url) ? '/scores/:user' : undefined) },
});

let answers = 0;

/** One answer in 20 is slow and one in 50 fails: by count and not by chance, so that a short demo has both. */
await serve(async (request, response) => {
  const [, user] = SCORES.exec(request.url) ?? [];
  if (user === undefined) {
    response.writeHead(404).end('{"error":"no such scores"}');
    return;
  }
  answers++;
  response.setHeader('content-type', 'application/json');
  if (answers % 50 === 15) {
    log.error({ user_id: user, queue: 64 }, 'model_overloaded');
    response.writeHead(503).end('{"error":"overloaded"}');
    return;
  }
  const cold = answers % 20 === 10;
  await delay(cold ? 300 + Math.random() * 300 : 2 + Math.random() * 6);
  log.info({ user_id: user, cold }, 'scores_computed');
  response.end(JSON.stringify([Number(user) + 1, Number(user) + 2, Number(user) + 3]));
});
