import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { lifecycle, log, observe } from 'fourlights';

const WORKERS = 2;

if (cluster.isPrimary) {
  // Its port answers for all: workers report to it by themselves, and none of them opens a port.
  const { admin } = observe({ service: 'cluster-example' });
  for (let i = 0; i < WORKERS; i++) cluster.fork({ FOURLIGHTS_ADMIN_PORT: '' });
  cluster.on('exit', (worker, code, signal) => log.warn({ worker: worker.id, code, signal }, 'worker_ended'));
  let listening = 0;
  cluster.on('listening', async (_worker, { port }) => {
    if (++listening === WORKERS) log.info({ port, admin: await admin.port }, 'listening');
  });
  process.once('SIGTERM', () => {
    cluster.on('exit', () => Object.keys(cluster.workers).length === 0 && process.kill(process.pid, 'SIGTERM'));
    for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGTERM'); // each drains by itself
  });
} else {
  observe({ service: 'cluster-example', log: { accessLog: false } });
  const server = createServer((request, response) => {
    if (request.url === '/crash') process.kill(process.pid, 'SIGKILL');
    response.end(`worker ${cluster.worker.id}`);
  });
  lifecycle.drain(server, { delayMs: 0, deadlineMs: 3000 });
  server.listen(Number(process.env.PORT ?? 3000));
}
