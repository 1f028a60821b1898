import { createServer } from 'node:http';
import { alert, lifecycle, log, observe } from 'fourlights';

const { admin } = observe({
  service: 'alerts-example',
  log: { accessLog: false },
  alerts: { defaults: false, sinks: ['log', `webhook:${process.env.WEBHOOK}`] },
});

// Shorter than one would have it: one is watching.
alert({
  name: 'OrdersFail',
  severity: 'warning',
  signal: 'errors.ratio',
  fireAbove: 0.2,
  resolveBelow: 0.1,
  for: '20s',
  keepFiringFor: '20s',
  action: 'Turn off new_checkout; then see which dependency fails.',
});

const server = createServer((request, response) => {
  response.writeHead(request.url === '/broken' ? 500 : 200).end();
});
lifecycle.drain(server, { delayMs: 0, deadlineMs: 3000 }); // at its end, what waits is told
server.listen(process.env.PORT ?? 3000, async () => {
  log.info({ port: server.address().port, admin: await admin.port }, 'listening');
});
