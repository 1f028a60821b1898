import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { log, shutdown, signals } from 'fourlights';

const SEND_EVERY_MS = 500;
/** Time for requests under way to end; after that their connections are cut. */
const GRACE_MS = 1000;

/** How this process ends: at once, until it serves. */
let finish = () => process.exit();

process.once('SIGTERM', () => finish());
/** Ctrl-C reaches every process of a terminal. The runner decides then, and sends SIGTERM; without one it is the end. */
process.on('SIGINT', () => process.connected || finish());
/** A child must not outlive its runner, not even one that was gone before this line. */
process.once('disconnect', () => finish());
if (process.send !== undefined && !process.connected) finish();

/**
 * What each service of the demo has around its handler: a spare port on loopback, its golden signals sent to the
 * runner, and a good end. It runs without a runner too: `PORT=8080 node examples/demo/services/auth.mjs`.
 * @param {http.RequestListener} handler
 * @param {{ close?: () => unknown, page?: number }} [options] `close`: what else to close at the end; `page`: port of its status page
 */
export async function serve(handler, { close, page } = {}) {
  const server = http.createServer(handler);
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  log.info({ port }, 'listening');
  tell({ port, page });
  setInterval(() => tell({ signals: signals.snapshot() }), SEND_EVERY_MS).unref();

  finish = async () => {
    finish = () => {};
    server.close();
    const closed = once(server, 'close');
    await Promise.race([closed, delay(GRACE_MS)]);
    server.closeAllConnections();
    await closed;
    await close?.();
    await shutdown();
    process.exit();
  };
}

/** The runner can be gone at any time: then there is nobody left to tell. */
function tell(message) {
  if (process.connected) process.send(message, () => {});
}
