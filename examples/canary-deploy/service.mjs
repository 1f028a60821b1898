// One version of the checkout service, in whatever process manager or container it would run. VERSION and ERROR_RATIO are
// its only difference; on SIGTERM it drains.
import { createServer } from 'node:http';
import { lifecycle, observe } from 'fourlights';

const { VERSION = '0', ERROR_RATIO = '0' } = process.env;
const { admin } = observe({
  service: 'checkout',
  version: VERSION,
  traces: false,
  log: { level: 'error', accessLog: false },
  admin: { port: 0 },
});

const server = createServer((_request, response) => {
  setTimeout(
    () => {
      response.statusCode = Math.random() < Number(ERROR_RATIO) ? 500 : 200;
      response.end(`checkout ${VERSION}\n`);
    },
    5 + Math.random() * 10,
  );
});

// A balancer that asks /readyz needs seconds; the proxy of this example knows at once.
lifecycle.drain(server, { delayMs: 500, deadlineMs: 8000 });
server.listen(0, '127.0.0.1', async () => {
  process.send?.({ port: server.address().port, admin: await admin.port });
  process.disconnect?.();
});
