import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { flags, log, observe } from 'fourlights';

const { admin } = observe({
  service: 'flags-example',
  log: { accessLog: false },
  flags: { source: process.env.FLAGS_FILE ?? fileURLToPath(new URL('flags.json', import.meta.url)) },
  http: { targetingKey: ({ url }) => url?.split('/')[2] }, // whom a request is for: no check below has to say it
});
flags.onChange((change) => log.info({ flag: change.key, forced: change.new?.forced }, 'flag_changed'));
await flags.ready({ timeoutMs: 2000 });

const server = createServer((request, response) => {
  if (request.url === '/kill') flags.kill('new_checkout', 'it hurts');
  if (!flags.boolean('new_checkout', false)) return response.end('classic');
  if (request.url.endsWith('7')) return response.writeHead(500).end('new'); // what is new has a fault
  response.end('new');
});
server.listen(process.env.PORT ?? 3000, async () => {
  log.info({ port: server.address().port, admin: await admin.port }, 'listening');
});
