import type { History } from '../history.js';
import type { LogTail } from '../log-tail.js';
import { alerts } from './alerts.js';
import { configuration } from './configuration.js';
import { dependencies } from './dependencies.js';
import { flags } from './flags.js';
import { health } from './health.js';
import { history } from './history.js';
import { log } from './log.js';
import { request } from './request.js';
import { requests } from './requests.js';
import type { Resource } from './resource.js';
import { rollouts } from './rollouts.js';
import { routes } from './routes.js';
import { saturation } from './saturation.js';
import { snapshot } from './snapshot.js';
import type { AdminSources } from './sources.js';

/** What the surface keeps itself, for as long as it is there. */
export interface Kept {
  readonly history: History;
  readonly tail: LogTail;
}

/** All there is under `/api/`, each by its own name. A new resource is one file and one line. */
export const resources = {
  snapshot,
  history,
  routes,
  requests,
  request,
  dependencies,
  saturation,
  flags,
  rollouts,
  alerts,
  configuration,
  health,
  log,
} as const satisfies Readonly<Record<string, (sources: AdminSources, kept: Kept) => Resource>>;
