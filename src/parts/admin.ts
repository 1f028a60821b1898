import type { RequestListener } from 'node:http';
import { Access } from '../admin/access.js';
import { adminHandler, type Routes } from '../admin/routes.js';
import { AdminServer } from '../admin/server.js';
import type { Config } from '../config/config.js';
import type { Lifecycle } from '../core/lifecycle.js';
import type { Metrics } from '../metrics/metrics.js';

/** The surface for operators: a handler to mount, and a port of its own where one was asked for. */
export interface Admin {
  /** For a server of the application's own; answers by the path alone, and to whom the access rules let in. */
  readonly handler: RequestListener;
  /** The port, once it listens; `undefined` without one. */
  readonly port: Promise<number | undefined>;
}

export function openAdmin({ admin }: Config, metrics: Metrics, lifecycle: Lifecycle): Admin {
  const routes: Routes = {
    '/livez': { open: true, handle: (_request, response) => response.end('ok\n') },
    '/readyz': { open: true, handle: (_request, response) => response.end('ok\n') },
    '/metrics': { handle: metrics.handler },
  };
  const handler = adminHandler(routes, new Access(admin));
  if (admin.port === undefined) return { handler, port: Promise.resolve(undefined) };
  const server = new AdminServer(handler);
  lifecycle.started('admin', () => server.close());
  return { handler, port: server.listen(admin.port, admin.host) };
}
