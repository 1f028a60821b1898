import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Health, HealthReport } from './health.js';

export type HealthHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** To whom the reasons of failing checks are shown; everybody sees names and states. */
export type Trusted = (request: IncomingMessage) => boolean;

/** Says that the event loop turns, and asks nobody: a service is not restarted for what a restart does not mend. */
export function livez(): HealthHandler {
  return (_request, response) => answer(response, 200, { status: 'alive' });
}

/** 200 while requests should come here, else 503. */
export function readyz(health: Health, trusted: Trusted): HealthHandler {
  return (request, response) => {
    void health.report().then((report) => {
      const shown = trusted(request) ? report : withoutReasons(report);
      answer(response, report.status === 'ready' ? 200 : 503, shown);
    });
  };
}

/** 200 once the service has started, whatever its checks say and while it drains: for an orchestrator's startup probe. */
export function startupz(health: Health): HealthHandler {
  return (_request, response) => {
    const started = health.phase !== 'starting';
    answer(response, started ? 200 : 503, { status: started ? 'started' : 'starting' });
  };
}

function withoutReasons({ status, checks }: HealthReport): HealthReport {
  const shown = Object.entries(checks).map(([name, { ok, critical }]) => [name, { ok, critical }] as const);
  return { status, checks: Object.fromEntries(shown) };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}
