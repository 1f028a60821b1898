import { createServer } from 'node:http';
import { log, observe } from 'fourlights';

const USER = /^\/users\/(\w+)$/;

const { admin } = observe({
  service: 'http-example',
  // Nobody else knows the routes of a plain server. Of a closed set; a path is never one.
  http: { route: ({ url }) => (USER.test(url ?? '') ? '/users/:id' : undefined) },
});

const server = createServer((request, response) => {
  const [, id] = USER.exec(request.url) ?? [];
  if (id === undefined) return response.writeHead(404).end();
  if (id === '0') return response.writeHead(500).end('there is no user 0');
  log.info({ user_id: id, token: 'abc' }, 'user_read');
  response.end(JSON.stringify({ id }));
});
server.listen(process.env.PORT ?? 3000, async () => {
  log.info({ port: server.address().port, admin: await admin.port }, 'listening');
});
