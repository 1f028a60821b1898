import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server that holds every response back until it is told to answer, for one test. */
export async function holdingServer() {
  let held: http.ServerResponse[] | undefined = [];
  const server = http.createServer((_, response) => {
    if (held === undefined) response.end('x');
    else held.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrived: () => held?.length ?? 0,
    /** Answers those that are held, and from now on at once. */
    answer: () => {
      for (const response of held ?? []) response.end('x');
      held = undefined;
    },
  };
}
