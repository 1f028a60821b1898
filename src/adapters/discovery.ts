import type { Discover } from '../http/server.js';
import { learnRoutes } from './express-routes.js';

/** What can tell a framework's routes from the handlers of a server alone, without a middleware. */
const frameworks: readonly ((handler: unknown) => boolean)[] = [learnRoutes];

export const discoverRoutes: Discover = (handlers) => {
  let learnt = true;
  for (const handler of handlers) for (const learn of frameworks) learnt = learn(handler) && learnt;
  return learnt;
};
