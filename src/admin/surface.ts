import { Access, type AccessOptions } from './access.js';
import { type Kept, resources } from './api/resources.js';
import type { AdminSources } from './api/sources.js';
import { resourceHandler } from './api.js';
import { History } from './history.js';
import { LogTail } from './log-tail.js';
import { moment } from './moment.js';
import { otlpIntakes } from './otlp/intake.js';
import { pageFile } from './page/page.js';
import { adminHandler, type Handler, type Routes } from './routes.js';
import { SignIn } from './sign-in.js';

export interface SurfaceOptions {
  readonly access: AccessOptions;
  /** What others build: probes, metrics. */
  readonly routes: (access: Access) => Routes;
  /** Other services may send their spans and log records over OTLP/HTTP. */
  readonly otlp: boolean;
}

/** Everything an operator can see and do, as one handler. It keeps its history from `start` to `stop`. */
export class Surface {
  readonly handler: Handler;
  /** Takes each log line as it is written. */
  readonly line: (text: string) => void;
  readonly #kept: Kept;

  constructor(given: AdminSources, { access: rules, routes, otlp }: SurfaceOptions) {
    const sources = { ...given, snapshot: moment(given.clock, () => given.snapshot()) };
    const access = new Access(rules, sources.clock);
    const signIn = new SignIn(access, sources.clock, sources.tell);
    this.#kept = { history: new History(sources), tail: new LogTail(sources.clock) };
    this.line = this.#kept.tail.line;
    this.handler = adminHandler(
      {
        ...routes(access),
        ...apiRoutes(sources, this.#kept, access),
        ...(otlp && sources.kept !== undefined && otlpIntakes(sources.kept)),
        '/': { handle: pageFile('index.html'), uninvited: signIn.ask },
        '/page.js': { handle: pageFile('page.js') },
        '/page.css': { handle: pageFile('page.css') },
        ...(access.sessions !== undefined && {
          '/sign-in': { open: true, handle: signIn.take },
          '/sign-out': { open: true, handle: signIn.leave },
        }),
      },
      access,
    );
  }

  start(): void {
    this.#kept.history.start();
  }

  /** Ends what is watched; what is asked later is still answered. */
  stop(): void {
    this.#kept.history.stop();
    this.#kept.tail.stop();
  }
}

function apiRoutes(sources: AdminSources, kept: Kept, access: Access): Routes {
  return Object.fromEntries(
    Object.entries(resources).map(([name, resource]) => [
      `/api/${name}`,
      { handle: resourceHandler(resource(sources, kept), access) },
    ]),
  );
}
