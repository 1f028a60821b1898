import type { View } from './view.js';
import { alerts } from './views/alerts.js';
import { configuration } from './views/configuration.js';
import { dependencies } from './views/dependencies.js';
import { flags } from './views/flags.js';
import { health } from './views/health.js';
import { log } from './views/log.js';
import { overview } from './views/overview.js';
import { request } from './views/request.js';
import { requests } from './views/requests.js';
import { rollouts } from './views/rollouts.js';
import { routes } from './views/routes.js';
import { saturation } from './views/saturation.js';

/** The views by what stands in the address, in the order of the list. A new one is a file and a line. */
export const views = {
  '': overview,
  routes,
  requests,
  request,
  dependencies,
  saturation,
  flags,
  rollouts,
  alerts,
  log,
  configuration,
  health,
} as const satisfies Readonly<Record<string, View>>;

export function viewOf(name: string): View {
  return Object.hasOwn(views, name) ? views[name as keyof typeof views] : overview;
}
