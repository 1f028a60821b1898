import { log, observe } from 'fourlights';
import { serve } from './serve.mjs';

const SESSION = /^\/sessions\/(\d+)$/;

observe({
  service: 'auth',
  // Plain http has no router to ask for the template, so the service names it.
  http: { route: ({ url }) => (SESSION.test(url) ? '/sessions/:user' : undefined) },
});

await serve((request, response) => {
  const [, user] = SESSION.exec(request.url) ?? [];
  if (user === undefined) {
    response.writeHead(404).end('{"error":"no such session"}');
    return;
  }
  log.info({ user_id: user }, 'session_checked');
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ user, active: true }));
});
