import type { Discover } from '../http/server.js';
import { learnRoutes } from './express-routes.js';

/** What can tell a framework's routes from the handlers of a server alone, without a middleware. */
const frameworks: readonly ((handler: unknown) => void)[] = [learnRoutes];

export const discoverRoutes: Discover = (handlers) => {
  for (const handler of handlers) for (const learn of frameworks) learn(handler);
};
